// Runs before an Edge Function of the sandbox's: ends it when the sandbox is gone, killed or not.
const sandbox = Deno.ppid;
Deno.unrefTimer(setInterval(() => Deno.ppid === sandbox || Deno.exit(), 250));
