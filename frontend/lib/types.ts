// The shapes of the API by the names that the screens use. They come from the services' own description:
// what a screen expects and a service does not say stops the build.
import type { components } from './api.gen';
import type { Statement } from './statements';
import type { MarkedPart } from './unseen';

type Schemas = components['schemas'];

export type Permission = Schemas['Permission'];
export type Role = Schemas['Role'];
/** `set_up_by` is who chose the password, until its owner sets another with a mailed code. */
export type User = Schemas['UserOut'] & { set_up_by: number | null };
export type UserWish = Schemas['UserChangeIn'];
export type Business = Schemas['BusinessOut'];
export type BusinessWish = Schemas['BusinessChangeIn'];
export type Invitation = Schemas['InvitationOut'];
/** The code is null where it goes by mail. */
export type InvitationMade = Omit<Schemas['InvitationMadeOut'], 'code'> & { code: string | null };
export interface InvitationPreview {
  business_name: string;
  role: Role;
  email: string;
}
export type Session = Schemas['SessionOut'];
export type ServiceAccount = Schemas['ServiceAccountOut'];
export type ServiceAccountMade = Schemas['ServiceAccountMadeOut'];
export type Scope = ServiceAccount['scopes'][number];
export type AuditEntry = Schemas['AuditOut'];

export type Listing = Schemas['PublicProductOut'];
export type Facets = Schemas['FacetsOut'];
export interface Suggestions {
  products: Pick<Listing, 'id' | 'name' | 'business_name' | 'price' | 'currency'>[];
  categories: { value: string; count: number }[];
  sellers: { id: number; name: string; count: number }[];
  completions: string[];
}

export type Status = Schemas['Status'];
export type Product = Schemas['ProductOut'];
export type ProductWish = Pick<
  Schemas['ProductChangeIn'],
  'sku' | 'name' | 'description' | 'price' | 'currency' | 'category' | 'attributes'
>;
export type Revision = Schemas['RevisionOut'] & { author_username?: string; decided_by_username?: string };
export type Diff = Omit<Schemas['DiffOut'], 'changes'> & { changes: FieldChange[] };
/** `marked` says both texts in pieces, where one of them holds what cannot be seen. */
export type FieldChange = Schemas['FieldChangeOut'] & { marked?: { old?: MarkedPart[] | null; new?: MarkedPart[] | null } | null };
export type HistoryEntry = Schemas['HistoryEntryOut'] & { actor_username?: string };
export type Approval = Schemas['ApprovalOut'] & { submitted_by_username?: string };
export type BulkItem = Schemas['BulkItemIn'];
export type BulkResult = Schemas['BulkResultOut'];
export type Policy = Schemas['PolicyOut'];
export type Statistics = Schemas['StatisticsOut'];
export type DecisionDay = Schemas['DecisionDayOut'];

export type Source = Schemas['AnswerProductOut'];
export type Turn = Schemas['TurnOut'] & { statements: Statement[]; language: string; planned_by: string };
export type Conversation = Schemas['ConversationOut'];
export type ChatUsage = Schemas['UsageOut'];
export type WholeConversation = Omit<Schemas['WholeConversationOut'], 'messages'> & { messages: Turn[] };
