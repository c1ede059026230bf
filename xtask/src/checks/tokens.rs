//! Finds names in Rust source by its tokens, so that comments and strings do not count.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Code that a search leaves out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Skip {
    /// What is compiled for tests only.
    Tests,
    /// Tests, and the bodies of server functions, which only the server compiles.
    TestsAndServerFunctions,
}

/// The lines that name the path `names`, such as `["std", "env"]`.
pub(super) fn lines_naming(source: &str, names: &[&str], skip: Skip) -> Vec<usize> {
    let mut found = Vec::new();
    walk(tokens(source), skip, &mut |here| {
        if names_path(here, names) {
            found.extend(here.first().map(|token| token.span().start().line));
        }
    });
    found
}

/// The lines of modules with an attribute for which `wanted` holds; it gets the text between the brackets,
/// without blanks.
pub(super) fn modules_with_attribute(source: &str, wanted: impl Fn(&str) -> bool) -> Vec<usize> {
    let mut found = Vec::new();
    walk(tokens(source), Skip::Tests, &mut |here| {
        if let Some((attribute, text)) = attribute(here)
            && wanted(&text)
            && is_module(&here[2..])
        {
            found.push(attribute.span_open().start().line);
        }
    });
    found
}

/// Text that is no Rust holds no names; the compiler complains about it better than this could.
fn tokens(source: &str) -> TokenStream {
    source.parse().unwrap_or_default()
}

/// Shows every position, with all that follows it on its level, to `look`.
fn walk(stream: TokenStream, skip: Skip, look: &mut impl FnMut(&[TokenTree])) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut skip_body = false;
    for (place, token) in tokens.iter().enumerate() {
        let here = &tokens[place..];
        if let Some((_, text)) = attribute(here) {
            skip_body |= leads_to_skipped(&text, skip);
        }
        match token {
            TokenTree::Group(group) if skip_body && group.delimiter() == Delimiter::Brace => {
                skip_body = false
            }
            TokenTree::Group(group) => walk(group.stream(), skip, look),
            // `#[cfg(test)] use …;` has no body.
            TokenTree::Punct(punct) if punct.as_char() == ';' => skip_body = false,
            _ => look(here),
        }
    }
}

fn leads_to_skipped(attribute: &str, skip: Skip) -> bool {
    let server = attribute == "server" || attribute.starts_with("server(");
    attribute == "cfg(test)"
        || attribute.starts_with("cfg(all(test,")
        || (server && skip == Skip::TestsAndServerFunctions)
}

fn attribute(here: &[TokenTree]) -> Option<(&Group, String)> {
    let (TokenTree::Punct(hash), TokenTree::Group(group)) = (here.first()?, here.get(1)?) else {
        return None;
    };
    let is_attribute = hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket;
    is_attribute.then(|| (group, group.stream().to_string().replace(char::is_whitespace, "")))
}

/// Whether what follows an attribute is a module, behind its other attributes and its visibility.
fn is_module(item: &[TokenTree]) -> bool {
    let mut words = item.iter().filter_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    });
    words.find(|word| word != "pub").is_some_and(|word| word == "mod")
}

fn names_path(here: &[TokenTree], names: &[&str]) -> bool {
    names.iter().enumerate().all(|(place, name)| {
        let start = 3 * place; // a name and two colons
        let named = matches!(here.get(start), Some(TokenTree::Ident(ident)) if ident == name);
        let joined = place == 0 || (is_colon(here.get(start - 2)) && is_colon(here.get(start - 1)));
        named && joined
    }) && (names.len() > 1 || (is_colon(here.get(1)) && is_colon(here.get(2))))
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"
        use backend::cards;
        // backend::comment
        #[server(endpoint = "buy")]
        pub async fn buy(id: Id) -> Result<(), Refusal> {
            backend::market::buy(id).await
        }
        fn page() { let text = "backend::text"; view! { <p>{backend::cards::all()}</p> } }
        #[cfg(test)]
        mod tests { fn f() { backend::test(); } }
    "#;

    #[test]
    fn a_server_functions_body_may_name_what_its_page_may_not() {
        assert_eq!(lines_naming(PAGE, &["backend"], Skip::TestsAndServerFunctions), [2, 8]);
        assert_eq!(lines_naming(PAGE, &["backend"], Skip::Tests), [2, 6, 8]);
    }

    #[test]
    fn a_path_is_found_whole() {
        let source = "fn f() { std::env::var(\"A\"); env!(\"B\"); environment::var(); }";
        assert_eq!(lines_naming(source, &["env", "var"], Skip::Tests), [1]);
        assert!(lines_naming(source, &["std", "fs"], Skip::Tests).is_empty());
    }

    #[test]
    fn a_modules_attributes_are_found_however_they_are_spaced() {
        let ssr = "#[cfg( feature=\"ssr\" )]";
        let source = format!("{ssr}\npub(crate) mod server;\n{ssr}\nuse a::b;\n#[derive(Debug)]\nmod a {{}}");
        assert_eq!(modules_with_attribute(&source, |text| text == "cfg(feature=\"ssr\")"), [1]);
    }
}
