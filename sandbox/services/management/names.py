"""Ocean's fixed identities at Supabase, so that fault rows can name paths and functions."""

from typing import Final

REF: Final = "oceanoceanoceanocean"
FUNCTION_IDS: Final = {
    "handle-stripe-webhook": "5f0c1f52-6f0e-4f0b-9a53-0b6f3a5f1c01",
    "graphql-v2": "5f0c1f52-6f0e-4f0b-9a53-0b6f3a5f1c02",
}
