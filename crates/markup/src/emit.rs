//! The calls that stand for markup.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeElement};
use syn::{Error, Expr, ExprLit, Lit, Result, spanned::Spanned};

/// One element is itself; anything else stands in a row that is no element.
pub(crate) fn nodes(nodes: &[Node]) -> Result<TokenStream> {
    if let [Node::Element(only)] = nodes {
        return element(only);
    }
    let children = children(nodes)?;
    Ok(quote! { crate::markup::row() #children })
}

fn element(element: &NodeElement<rstml::Infallible>) -> Result<TokenStream> {
    let tag = element.name().to_string();
    let attributes = element.attributes().iter().map(attribute).collect::<Result<TokenStream>>()?;
    let children = children(element.children())?;
    // In the order in which Leptos asks for them: an attribute may take what a child has borrowed.
    Ok(quote! { crate::markup::element(#tag) #children #attributes })
}

fn children(nodes: &[Node]) -> Result<TokenStream> {
    nodes.iter().map(child).collect()
}

fn child(node: &Node) -> Result<TokenStream> {
    match node {
        Node::Element(inner) => {
            let inner = element(inner)?;
            Ok(quote! { .inner(#inner) })
        }
        Node::Text(text) => {
            let text = &text.value;
            Ok(quote! { .text(#text) })
        }
        Node::Block(block) => {
            let value = unwrapped(quote! { #block });
            Ok(quote! { .child(#value) })
        }
        Node::Fragment(fragment) => children(&fragment.children),
        Node::Comment(_) => Ok(TokenStream::new()),
        Node::Doctype(_) | Node::RawText(_) | Node::Custom(_) => {
            Err(Error::new(node.span(), "an element, a \"text\" or a value in braces"))
        }
    }
}

fn attribute(attribute: &NodeAttribute) -> Result<TokenStream> {
    let NodeAttribute::Attribute(pair) = attribute else {
        return Err(Error::new(attribute.span(), "an attribute has a name"));
    };
    let name = pair.key.to_string();
    let span = pair.key.span();
    if name == "node_ref" {
        let value = value(pair);
        return Ok(quote_spanned! {span=> .held_by(#value) });
    }
    if let Some(event) = name.strip_prefix("on:") {
        let (kind, value) = (format_ident!("{event}", span = span), value(pair));
        return Ok(quote! { .on(#event, ::leptos::ev::#kind, #value) });
    }
    let kinds = [("prop:", "Property"), ("class:", "Class")];
    for (prefix, kind) in kinds {
        if let Some(name) = name.strip_prefix(prefix) {
            let (kind, value) = (format_ident!("{kind}"), value(pair));
            return Ok(quote! { .set(crate::markup::Place::#kind, #name, #value) });
        }
    }
    Ok(match pair.value() {
        Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => quote! { .fixed(#name, #text) },
        Some(_) => {
            let value = value(pair);
            quote! { .set(crate::markup::Place::Attribute, #name, #value) }
        }
        None => quote! { .fixed(#name, "") },
    })
}

/// What an attribute is set to; without a value it is simply there.
fn value(pair: &KeyedAttribute) -> TokenStream {
    pair.value().map_or_else(|| quote! { true }, |value| unwrapped(quote! { #value }))
}

/// A value without braces it does not need, which the compiler would warn of.
fn unwrapped(value: TokenStream) -> TokenStream {
    match syn::parse2::<syn::ExprBlock>(value.clone()) {
        Ok(braced) => match braced.block.stmts.as_slice() {
            [syn::Stmt::Expr(only, None)] => quote! { #only },
            _ => value,
        },
        Err(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use syn::Result;

    /// The calls as they would be typed, without the spaces tokens are written with.
    fn calls(markup: &str) -> Result<String> {
        let nodes = rstml::parse2(markup.parse().unwrap())?;
        let text = super::nodes(&nodes)?.to_string().replace("crate :: markup :: ", "");
        Ok(text.chars().filter(|c| !c.is_whitespace()).collect())
    }

    #[test]
    fn markup_is_calls_with_the_children_first() {
        let check = |markup: &str, expected: &str| assert_eq!(calls(markup).unwrap(), expected);
        check("<br/>", r#"element("br")"#);
        check(
            r#"<p class="a">"b"{c}</p>"#,
            r#"element("p").text("b").child(c).fixed("class","a")"#,
        );
        check("<ul><li>{a}</li></ul>", r#"element("ul").inner(element("li").child(a))"#);
        check("{a} \" \" <b/>", r#"row().child(a).text("").inner(element("b"))"#);
        check(
            "<i aria-hidden=a b/>",
            r#"element("i").set(Place::Attribute,"aria-hidden",a).fixed("b","")"#,
        );
        check("<i prop:value={a}/>", r#"element("i").set(Place::Property,"value",a)"#);
        check("<i class:odd=a/>", r#"element("i").set(Place::Class,"odd",a)"#);
        check("<i on:click=a/>", r#"element("i").on("click",::leptos::ev::click,a)"#);
        check("<i node_ref=a/>", r#"element("i").held_by(a)"#);
    }

    #[test]
    fn what_is_no_markup_of_ours_is_refused() {
        let check = |markup: &str| assert!(calls(markup).is_err(), "{markup}");
        check("<i {..a}/>");
        check("<!DOCTYPE html>");
        check("<i>a");
    }
}
