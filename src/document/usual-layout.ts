import type { Certificate } from '../product/certificate.ts';

/** For products that describe no certificate. */
export const USUAL_LAYOUT: Certificate = {
  title: 'Certificate of insurance',
  table: [
    { label: 'Product', value: '{product}' },
    { label: 'Policy number', value: '{policy_number}' },
    { label: 'Policyholder', value: '{policy.first_name} {policy.last_name}' },
    { label: 'First day of cover', value: '{start_date}' },
    { label: 'Last day of cover', value: '{end_date}' },
    { label: 'Premium before tax', value: '{net}' },
    { label: 'Insurance tax ({tax_rate})', value: '{tax}' },
    { label: 'Premium', value: '{gross}' },
  ],
  footer: '{insurer} · {policy_number} · issued on {issued_on}',
};
