/** @type {import('next').NextConfig} */
const config = {
  output: 'export',
  trailingSlash: true,
  reactStrictMode: true,
  images: { unoptimized: true },
  // Type errors stop the build: the types of the API come from its document.
  typescript: { ignoreBuildErrors: false },
};

export default config;
