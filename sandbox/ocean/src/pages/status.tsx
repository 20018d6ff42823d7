import { useEffect, useState } from "preact/hooks";

export function Page() {
  const [release, setRelease] = useState<string>("…");

  useEffect(() => {
    fetch("/health").then((reply) => reply.json()).then((said) => setRelease(`${said.version} (${said.commit})`));
  }, []);

  return <p>Release {release}</p>;
}
