// Runs before an Edge Function of the sandbox's: ends it when the sandbox is gone, killed or not.
(async () => {
  for await (const _ of Deno.stdin.readable);
  Deno.exit();
})();
