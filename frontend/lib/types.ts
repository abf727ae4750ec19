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
export type VettedType = 'product' | 'page';
export type InformationKind = 'shipping' | 'returns' | 'payment' | 'contact' | 'about';
/** A page of information of a business, in one language. */
export type InformationPage = Omit<Product, 'sku' | 'name' | 'description' | 'price' | 'currency' | 'price_minor' | 'category' | 'attributes' | 'picture'> & {
  kind: InformationKind;
  language: string;
  text: string;
};
export type PageRevision = Pick<Revision, 'version' | 'state' | 'is_live' | 'author_name' | 'author_username' | 'decided_by_name' | 'decided_by_username' | 'decided_at' | 'created_at' | 'comment'> & { text: string };
export interface Seller {
  id: number;
  name: string;
  pages: { kind: InformationKind; language: string; text: string; version: number; published_at: string }[];
}
type Waiting = Schemas['ApprovalOut'];
export type ProductApproval = Waiting & { type: 'product' };
export type PageApproval = InformationPage & Pick<Waiting, 'name' | 'submitted_by' | 'submitted_by_name' | 'submitted_by_username' | 'submitted_at' | 'waiting_seconds' | 'comment' | 'price_change_percent'> & { type: 'page' };
export type Approval = ProductApproval | PageApproval;
export type BulkItem = Schemas['BulkItemIn'] & { type: VettedType };
export type BulkResult = Schemas['BulkResultOut'] & { type: VettedType };
export type Policy = Schemas['PolicyOut'];
export type Statistics = Schemas['StatisticsOut'];
export type DecisionDay = Schemas['DecisionDayOut'];

export type Source = Schemas['AnswerProductOut'];
export type Turn = Schemas['TurnOut'] & { statements: Statement[]; language: string; planned_by: string };
export type Conversation = Schemas['ConversationOut'];
export type ChatUsage = Schemas['UsageOut'];
export type WholeConversation = Omit<Schemas['WholeConversationOut'], 'messages'> & { messages: Turn[] };
