export const texts = {
  retry: 'Try again',
  refused: 'Something went wrong',
  offline: { title: 'You are offline', text: 'This page will load as soon as you are connected again.' },
  unreachable: { title: 'We can’t reach the server', text: 'Check your connection, then try again.' },
  down: { title: 'Temporarily unavailable', text: 'This part of Vetted is not responding. It is usually back within a minute.' },
  busy: { title: 'Too many requests', text: 'Please wait a moment, then try again.' },
  reference: (id: string) => `Reference: ${id}`,
  missing: { title: 'Page not found', text: 'The address may be mistyped, or the page has moved.', action: 'Browse all products' },
};
