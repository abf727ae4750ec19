// The shapes of the API by the names that the screens use. They come from the services' own description:
// what a screen expects and a service does not say stops the build.
import type { components } from './api.gen';
import type { Statement } from './statements';

type Schemas = components['schemas'];

export type Permission = Schemas['Permission'];
export type Role = Schemas['Role'];
export type User = Schemas['UserOut'];
export type UserWish = Pick<Schemas['UserChangeIn'], 'role' | 'is_active'>;
export type Business = Schemas['BusinessOut'];
export type BusinessWish = Schemas['BusinessChangeIn'];
export type Invitation = Schemas['InvitationOut'];
export type InvitationMade = Schemas['InvitationMadeOut'];
export type InvitationPreview = Schemas['InvitationPreviewOut'];
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
export type Revision = Schemas['RevisionOut'];
export type Diff = Schemas['DiffOut'];
export type FieldChange = Schemas['FieldChangeOut'];
export type MarkedPart = Schemas['PartOut'];
export type HistoryEntry = Schemas['HistoryEntryOut'];
export type Approval = Schemas['ApprovalOut'];
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
