// The service worker: a page that cannot be fetched is replaced by the offline page, which is kept with all it needs.
// Everything else goes to the network, as it would without a worker.
const CACHE = 'vetted.offline';
const PAGE = '/offline/';
/** What a page is made of, by the kinds that requests have. */
const PARTS = ['script', 'style', 'font', 'image'];

async function keep() {
  const answer = await fetch(PAGE, { cache: 'reload' });
  if (!answer.ok) throw new Error('the offline page is not there');
  const html = await answer.clone().text();
  const parts = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css|svg|woff2))"/g)].map((found) => found[1]);
  await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  await cache.put(PAGE, answer);
  await cache.addAll([...new Set(parts)]);
}

self.addEventListener('install', (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(async () => (await caches.match(PAGE)) ?? Response.error()));
  } else if (PARTS.includes(request.destination)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()));
  }
});
