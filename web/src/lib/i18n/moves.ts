/** Words of what becomes of products. */
export const movesId = {
  title: 'Perkembangan produk',
  trend: 'Tren setahun',
  trendChance: 'dalam batas kebetulan',
  trendUnknown: 'belum dapat dinilai',
  buyers: 'Pembeli',
  began: 'Mulai membeli',
  stopped: 'Berhenti membeli',
  complaints: 'Keluhan',
  requests: 'Permintaan',
  weight: (accounts: string, worth: string) => `${accounts} akun, membeli ${worth}`,
  together: 'Bergerak bersama',
  noneTogether: 'Tidak ada pasangan yang melebihi kebetulan.',
}

export const movesEn: typeof movesId = {
  title: 'How products are doing',
  trend: 'Trend a year',
  trendChance: 'within chance',
  trendUnknown: 'cannot be told yet',
  buyers: 'Buyers',
  began: 'Started buying',
  stopped: 'Stopped buying',
  complaints: 'Complaints',
  requests: 'Requests',
  weight: (accounts: string, worth: string) => `${accounts} accounts, buying ${worth}`,
  together: 'Move together',
  noneTogether: 'No pair goes beyond chance.',
}
