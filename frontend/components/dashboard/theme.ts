import { createTheme, defaultVariantColorsResolver, type VariantColorsResolver, type CSSVariablesResolver, localStorageColorSchemeManager } from '@mantine/core';
import { texts } from '@/texts/dashboard';

/** Filled parts carry the identity's own pair of colours, whose contrast holds in both themes. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const found = defaultVariantColorsResolver(input);
  if (input.variant !== 'filled' || (input.color ?? input.theme.primaryColor) !== 'pine') return found;
  return { ...found, background: 'var(--brand)', hover: 'var(--brand-hover)', color: 'var(--on-brand)' };
};

/** The library's parts in the colours, letters and shapes of the public pages. */
export const theme = createTheme({
  fontFamily: 'var(--body)',
  headings: { fontFamily: 'var(--display)', fontWeight: '650' },
  primaryColor: 'pine',
  primaryShade: { light: 8, dark: 4 },
  autoContrast: true,
  variantColorResolver,
  defaultRadius: 10,
  cursorType: 'pointer',
  respectReducedMotion: true,
  colors: {
    pine: ['#e8f4ef', '#cfe7dc', '#a3d3be', '#7fd9b8', '#5fd2a8', '#2f9d77', '#1d7f5f', '#116a4e', '#0b5d47', '#084a38'],
  },
  components: {
    Button: { defaultProps: { radius: 'xl' } },
    Modal: { defaultProps: { radius: 16, centered: true, closeButtonProps: { 'aria-label': texts.common.close } } },
    Table: { defaultProps: { verticalSpacing: 'sm' } },
  },
});

const shared = { '--mantine-color-placeholder': 'var(--soft)', '--mantine-color-dimmed': 'var(--soft)', '--mantine-color-error': 'var(--brick)' };

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...shared,
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-anchor': 'var(--brand)',
  },
  dark: {
    ...shared,
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-anchor': 'var(--brand)',
    '--mantine-color-dark-6': 'var(--surface)',
    '--mantine-color-dark-5': 'var(--plain-wash)',
    '--mantine-color-dark-4': 'var(--line)',
  },
});

/** The same key as the public pages' switch. */
export const schemes = localStorageColorSchemeManager({ key: 'vetted.theme' });
