export const texts = {
  retry: 'Try again',
  refused: 'That did not work',
  offline: { title: 'You are offline', text: 'We will show this as soon as your connection is back.' },
  unreachable: { title: 'No answer', text: 'The server cannot be reached at the moment. Check your connection, then try again.' },
  down: { title: 'This part is resting', text: 'It does not answer right now. Usually that is over within a minute.' },
  busy: { title: 'That was a lot at once', text: 'Wait a moment, then try again.' },
  reference: (id: string) => `Reference: ${id}`,
};
