// Shapes of the API, by the names that the screens use.

export type Permission =
  | 'product:view'
  | 'product:write'
  | 'product:approve'
  | 'product:unpublish'
  | 'policy:manage'
  | 'user:manage'
  | 'business:view'
  | 'business:manage'
  | 'audit:view'
  | 'usage:view'
  | 'platform:manage';

export interface User {
  id: number;
  username: string;
  email: string;
  first_name: string;
  last_name: string;
  role: string;
  is_active: boolean;
  business: number | null;
  business_name: string | null;
  permissions: Permission[];
}

export interface Business {
  id: number;
  name: string;
  status: string;
  created_at: string;
  settings: Record<string, unknown>;
}

export interface Listing {
  id: number;
  sku: string | null;
  name: string;
  description: string;
  price: string;
  currency: string;
  price_minor: number;
  category: string;
  attributes: Record<string, string>;
  picture: string | null;
  business: number;
  business_name: string;
  version: number;
  published_at: string;
}

export interface Facets {
  total: number;
  categories: { value: string; count: number }[];
  businesses: { id: number; name: string; count: number }[];
  currencies: { currency: string; count: number; min_price: string; max_price: string }[];
}

export type Status = 'draft' | 'pending_approval' | 'approved' | 'rejected';

export interface Product {
  id: number;
  sku: string | null;
  name: string;
  description: string;
  price: string;
  currency: string;
  price_minor: number;
  category: string;
  attributes: Record<string, string>;
  picture: string | null;
  status: Status;
  version: number;
  live_version: number | null;
  business: number;
  business_name: string;
  created_by: number;
  created_by_name: string;
  created_at: string;
  updated_at: string;
  allowed_actions: string[];
}

export interface Source {
  id: number;
  version: number;
  name: string;
  price: string;
  currency: string;
  category: string;
  business_name: string;
}

export interface Turn {
  id: number;
  user_message: string;
  ai_response: string;
  timestamp: string;
  conversation_id: number;
  products: Source[];
  mode: string;
}

export interface Conversation {
  id: number;
  title: string;
  created_at: string;
  updated_at: string;
}
