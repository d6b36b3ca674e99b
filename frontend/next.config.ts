import type { NextConfig } from 'next';

// The build sends nothing anywhere; a variable in the environment of whoever builds is not needed for that.
process.env.NEXT_TELEMETRY_DISABLED = '1';

/** A static export: the backend serves `out/` from its own port, so the dashboard needs no server of its own. */
const config: NextConfig = {
  output: 'export',
  trailingSlash: true,
  reactStrictMode: true,
  // Its source: what the page shares with the service is compiled with the page.
  transpilePackages: ['@passportx/analytics-backend'],
};

export default config;
