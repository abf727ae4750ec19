import { describe, expect, it } from 'vitest';
import { explain, explainField } from '@/lib/explain';
import { ApiProblem } from '@/lib/problems';
import { texts } from '@/texts/problems';

describe('a refusal', () => {
  it('is said by its code, and never in the words of HTTP', () => {
    expect(explain('unauthorized', 'A valid access token is needed: Authorization: Bearer <token>.', 401)).toBe('Please sign in again.');
    expect(explain('unauthorized', 'no active account has this name and password', 401)).toBe(texts.wrongLogin);
    expect(explain('last_admin', 'the last active admin of a business stays', 409)).toBe(texts.codes['last_admin']);
  });

  it('of a code that nobody knows says what the service said, as a sentence', () => {
    expect(explain('brand_new', 'the moon is full', 409)).toBe('The moon is full.');
    expect(explain('constructor', '', 500)).toBe(texts.other);
  });
});

describe('a field’s fault', () => {
  it.each([
    [{ field: 'sku', message: 'is taken' }, 'Another of your products has this SKU.'],
    [{ field: 'username', message: 'is taken' }, 'This user name is taken. Please choose another.'],
    [{ field: 'elsewhere', message: 'is taken' }, 'This is already in use. Please choose another.'],
    [{ field: 'settings.website', message: 'Input should be a valid URL', code: 'url_parsing' }, 'Enter a full web address, for example https://example.org.'],
    [{ field: 'name', message: "String should match pattern '^a$'", code: 'string_pattern_mismatch' }, 'This is not written as it should be.'],
    [{ field: 'name', message: 'Input should be a valid dictionary', code: 'dict_type' }, 'This is not written as it should be.'],
    [{ field: 'price', message: 'must not be negative', code: 'value_error' }, 'This must not be negative.'],
    [{ field: 'cursor', message: 'use the cursor of a Link header as it is' }, 'Use the cursor of a Link header as it is.'],
  ])('%j is %s', (fault, text) => {
    expect(explainField(fault)).toBe(text);
  });

  it('stands under its field’s name', () => {
    const problem = new ApiProblem(422, 'validation_error', '', [{ field: 'email', message: 'is taken' }]);
    expect(problem.fields).toEqual({ email: 'There is already an account with this address.' });
    expect(problem.message).toBe(texts.codes['validation_error']);
  });
});
