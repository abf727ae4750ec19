import { createTheme, defaultVariantColorsResolver, type CSSVariablesResolver, type VariantColorResolverResult, type VariantColorsResolver, localStorageColorSchemeManager } from '@mantine/core';
import { texts } from '@/texts/dashboard';

const OWN: Record<string, Partial<VariantColorResolverResult>> = {
  'pine filled': { background: 'var(--brand)', hover: 'var(--brand-hover)', color: 'var(--on-brand)' },
  'red filled': { background: 'var(--brick)', hover: 'var(--brick-hover)', color: 'var(--on-brick)' },
  'red light': { background: 'var(--brick-wash)', hover: 'var(--brick-wash)', color: 'var(--brick)' },
  'red subtle': { hover: 'var(--brick-wash)', color: 'var(--brick)' },
};

/** The identity's own pairs of colours, whose contrast holds in both themes. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const found = defaultVariantColorsResolver(input);
  return { ...found, ...OWN[`${input.color ?? input.theme.primaryColor} ${input.variant}`] };
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
    // A `dir` of its own the library gives to the frame around the field.
    Input: { defaultProps: { attributes: { input: { dir: 'auto' } } } },
    // A dialog's head is no banner of the page.
    Modal: { defaultProps: { attributes: { header: { role: 'presentation' } }, radius: 16, centered: true, styles: { title: { font: '650 var(--step-1)/1.25 var(--display)' } }, closeButtonProps: { 'aria-label': texts.common.close } } },
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
