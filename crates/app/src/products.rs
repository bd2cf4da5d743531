//! What becomes of products.

use takar_insight::products::{Products, Question, products};
use takar_model::Credit;

use crate::{Result, Takar};

impl Takar {
    /// Products or categories, as far as the one who acts may see.
    ///
    /// # Errors
    /// Where the question cannot be answered; where the data cannot be read.
    pub fn products(&self, credit: Credit, question: &Question) -> Result<Products> {
        let (source, facts) = (self.source(credit)?, self.lake_source(credit)?);
        Ok(products(source.as_ref(), facts.as_ref(), question)?)
    }
}
