import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask } from "./graphql";
import "./style.css";

const PAGES = {
  organizations: () => import("./pages/organizations"),
  status: () => import("./pages/status"),
};

function Ocean() {
  const [healthy, setHealthy] = useState<boolean>();
  const [page, setPage] = useState<preact.ComponentChildren>();

  useEffect(() => {
    ask<{ system_status: { healthy: boolean } }>("{ system_status { healthy } }").then(
      (said) => setHealthy(said.system_status.healthy),
      () => setHealthy(false),
    );
  }, []);

  const open = async (name: keyof typeof PAGES) => {
    const { Page } = await PAGES[name]();
    setPage(<Page />);
  };

  return (
    <>
      <h1>Ocean</h1>
      <p>Charter boats, their crews and their bookings in one place.</p>
      <nav aria-label="Pages">
        <button type="button" onClick={() => open("organizations")}>My organizations</button>
        <button type="button" onClick={() => open("status")}>Status</button>
      </nav>
      {page ?? <p role="status">{healthy === undefined ? "Asking …" : healthy ? "All is well." : "Something is down."}</p>}
    </>
  );
}

render(<Ocean />, document.getElementById("root")!);
