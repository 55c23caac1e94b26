//! Which chapter each section of a script is read in.

use super::Script;

impl Script {
    /// The chapter of each section, from 0: that of its title, else that of the section before. What
    /// stands before all of them is read in the first.
    pub fn chapters(&self, titles: &[&str]) -> Vec<usize> {
        let titles: Vec<String> = titles.iter().map(|title| plain(title)).collect();
        let mut chapter = 0;
        let own = |title: String, chapter: usize| {
            let later = titles.iter().skip(chapter).position(|other| *other == title);
            later.map_or(chapter, |more| chapter + more)
        };
        let mut found = Vec::new();
        for section in &self.sections {
            chapter = own(plain(&section.plain_title()), chapter);
            found.push(chapter);
        }
        found
    }

    /// How many words are read aloud in each chapter.
    pub fn words_of(&self, titles: &[&str]) -> Vec<usize> {
        let mut words = vec![0; titles.len()];
        for (section, chapter) in self.sections.iter().zip(self.chapters(titles)) {
            if let Some(words) = words.get_mut(chapter) {
                *words += section.words();
            }
        }
        words
    }
}

fn plain(title: &str) -> String {
    title.trim().replace('’', "'").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_without_a_chapter_go_with_the_one_before() {
        let script = Script::read(
            "# Show\n\nHello there.\n\n## Mainline\n\nOne.\n\n### Inner\n\nTwo three.\n\n## The week’s end\n\nBye.\n",
        );
        let titles = ["Hello", "mainline", "Topics", "The week's end"];
        assert_eq!(script.chapters(&titles), [0, 1, 1, 3]);
        assert_eq!(script.words_of(&titles), [2, 3, 0, 1]);
        assert_eq!(script.words_of(&[]), Vec::<usize>::new());
    }
}
