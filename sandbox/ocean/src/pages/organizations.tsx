import { useEffect, useState } from "preact/hooks";
import { ask } from "../graphql";

type Organization = { id: string; name: string; role: string };

export function Page() {
  const [found, setFound] = useState<Organization[]>([]);
  const token = sessionStorage.getItem("access_token") ?? undefined;

  useEffect(() => {
    ask<{ my_organizations: Organization[] }>("{ my_organizations { id name role } }", token).then(
      (said) => setFound(said.my_organizations),
      () => setFound([]),
    );
  }, []);

  if (found.length === 0) return <p>You belong to no organization yet.</p>;
  return <ul>{found.map((one) => <li key={one.id}>{one.name}, as {one.role}</li>)}</ul>;
}
