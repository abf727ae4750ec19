/** @type {import('next').NextConfig} */
const config = {
  output: 'export',
  trailingSlash: true,
  reactStrictMode: true,
  images: { unoptimized: true },
  // Type errors stop the build: the types of the API come from its document.
  typescript: { ignoreBuildErrors: false },
};

/** While pages are written (`npm run dev`), the API is that of a running copy. */
const api = process.env.VETTED_URL ?? 'http://127.0.0.1:8080';
const development = {
  ...config,
  output: undefined,
  skipTrailingSlashRedirect: true,
  allowedDevOrigins: ['127.0.0.1'],
  rewrites: async () => ['/api/:path*', '/oauth/:path*'].map((source) => ({ source, destination: `${api}${source}` })),
};

export default process.env.NODE_ENV === 'development' ? development : config;
