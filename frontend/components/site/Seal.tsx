/** The mark: a seal's rosette with a tick. */
export function Seal({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <path
        fill="var(--brand)"
        d="M16 1.2 19.6 3.9 24.1 3.6 25.6 7.9 29.4 10.3 28.1 14.6 29.6 18.9 25.9 21.5 24.5 25.8 20 25.7 16.4 28.5 12.8 25.8 8.3 26 6.7 21.8 2.9 19.4 4.1 15 2.6 10.8 6.3 8.2 7.7 3.9 12.2 4z"
        transform="translate(0 1.2)"
      />
      <path
        d="M10 16.4l4.4 4.4 8-8.6"
        fill="none"
        stroke="var(--surface)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
