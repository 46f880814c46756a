/** Seconds after which a client may retry during maintenance (`Retry-After`). */
export const retryAfterSeconds = 300;

/** Returns the maintenance page, which reloads automatically. It is self-contained, because any other file would return
 * 503 too, and small, because a CloudFront function is limited to 10 KB. */
export function maintenancePage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="${retryAfterSeconds}">
<title>Down for maintenance</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1.1rem/1.6 system-ui, sans-serif; }
main { max-width: 32rem; padding: 2rem; }
h1 { font-size: 1.6rem; }
</style>
</head>
<body>
<main>
<h1>Down for maintenance</h1>
<p>We will be back in a few minutes. Nothing you saved is lost. This page looks again by itself.</p>
</main>
</body>
</html>
`;
}
