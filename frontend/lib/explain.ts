// What the services refuse, in the words of the pages: the one way from an answer to a sentence for people.
import { texts } from '@/texts/problems';
import { own } from './own';

export interface FieldError {
  field: string;
  message: string;
  code?: string;
}

/** Why a request as a whole was refused. A sentence of the services is shown only where its code has none of ours. */
export function explain(code: string, detail: string, status: number): string {
  if (status === 401 && /name and password/.test(detail)) return texts.wrongLogin;
  return own(texts.codes, code) ?? (sentence(detail) || texts.other);
}

/** What is wrong with a field. Checks of the validator's are known by their code, rules of ours by what they say. */
export function explainField({ field, message, code = 'invalid' }: FieldError): string {
  const name = field.split('.').at(-1) ?? field;
  return (
    own(texts.fields, `${name} ${message}`) ??
    own(texts.messages, message) ??
    own(texts.checks, code) ??
    (code === 'invalid' || code === 'value_error' ? sentence(message) : texts.invalid)
  );
}

/** The services write fragments ("must not be negative") beside a field's name; people read sentences. */
function sentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) return '';
  const whole = /^(is|are|must|may|has|have|needs|cannot|contains|begins|ends|belongs)\b/.test(trimmed) ? `This ${trimmed}` : trimmed;
  const capital = whole[0]!.toUpperCase() + whole.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
