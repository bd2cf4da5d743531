/** Words of what becomes of products. */
export const movesId = {
  title: 'Nasib produk',
  trend: 'Tren setahun',
  trendChance: 'dalam batas kebetulan',
  trendUnknown: 'belum dapat dinilai',
  buyers: 'Pembeli',
  began: 'Mulai',
  stopped: 'Berhenti',
  complaints: 'Keluhan',
  requests: 'Permintaan',
  weight: (accounts: string, worth: string) => `${accounts} akun, membeli ${worth}`,
  together: 'Bergerak bersama',
  noneTogether: 'Tidak ada pasangan yang melebihi kebetulan.',
}

export const movesEn: typeof movesId = {
  title: 'What becomes of products',
  trend: 'Trend a year',
  trendChance: 'within chance',
  trendUnknown: 'cannot be told yet',
  buyers: 'Buyers',
  began: 'Began',
  stopped: 'Stopped',
  complaints: 'Complaints',
  requests: 'Requests',
  weight: (accounts: string, worth: string) => `${accounts} accounts, buying ${worth}`,
  together: 'Move together',
  noneTogether: 'No pair goes beyond chance.',
}
