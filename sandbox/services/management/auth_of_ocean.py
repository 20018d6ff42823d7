"""Ocean's authentication settings, as /config/auth has them: a part of some 240 keys, secrets among them."""

import time
from typing import Any, Final

from sandbox.services.service import World
from sandbox.services.state import State, iso, patched

PLANTED: Final = "planted-secret-which-nobody-may-keep"


def auth() -> dict[str, Any]:
    """Answer of GET /config/auth. The API returns secrets here too; whoever reads it has to leave them out."""
    return {
        "site_url": "https://ocean.example", "jwt_exp": 3600, "disable_signup": False, "mailer_autoconfirm": True,
        "uri_allow_list": "https://ocean.example/**,https://www.ocean.example/welcome",
        "external_email_enabled": True, "external_phone_enabled": False, "external_anonymous_users_enabled": False,
        "external_web3_solana_enabled": False, "external_web3_ethereum_enabled": False,
        "sms_autoconfirm": False, "mailer_otp_exp": 3600, "mailer_otp_length": 6,
        "rate_limit_anonymous_users": 30, "rate_limit_email_sent": 30, "rate_limit_sms_sent": 30,
        "rate_limit_token_refresh": 150, "rate_limit_verify": 30, "rate_limit_otp": 30, "rate_limit_web3": 30,
        "password_min_length": 10, "password_hibp_enabled": True, "password_required_characters": "",
        "security_captcha_enabled": False, "security_captcha_provider": None, "security_captcha_secret": PLANTED,
        "mfa_totp_enroll_enabled": True, "mfa_totp_verify_enabled": True, "mfa_phone_enroll_enabled": False,
        "mfa_phone_verify_enabled": False, "mfa_web_authn_enroll_enabled": False,
        "mfa_web_authn_verify_enabled": False, "mfa_max_enrolled_factors": 10,
        "refresh_token_rotation_enabled": True, "security_refresh_token_reuse_interval": 10,
        "sessions_timebox": None, "sessions_inactivity_timeout": None, "sessions_single_per_user": False,
        "smtp_host": "smtp.example", "smtp_user": "ocean", "smtp_pass": PLANTED, "external_google_secret": PLANTED,
    }  # fmt: skip


def running(world: World) -> dict[str, Any]:
    """What GoTrue says at /auth/v1/settings: what is configured, unless a fault patches `settings` of the gateway."""
    configured = patched({"auth": auth()}, world.patches("management"), time.time(), iso)["auth"]
    built: State = {"settings": _settings(configured)}
    said: dict[str, Any] = patched(built, world.patches("supabase"), time.time(), iso)["settings"]
    return said


def _settings(known: dict[str, Any]) -> dict[str, Any]:
    return {
        "external": {
            "email": known["external_email_enabled"], "phone": known["external_phone_enabled"], "google": False,
            "github": False, "anonymous_users": known["external_anonymous_users_enabled"],
        },
        "disable_signup": known["disable_signup"], "mailer_autoconfirm": known["mailer_autoconfirm"],
        "phone_autoconfirm": known["sms_autoconfirm"], "sms_provider": "", "saml_enabled": False,
        "passkeys_enabled": False,
    }  # fmt: skip
