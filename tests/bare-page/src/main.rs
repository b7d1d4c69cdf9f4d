//! The page of `bare-app`: a heading, a line and a button, drawn by Leptos.

use leptos::prelude::*;

fn main() {
    mount_to_body(page);
}

fn page() -> impl IntoView {
    let (pressed, set_pressed) = signal(0_u32);
    view! {
        <main>
            <h1>"A bare page of Tauri and Leptos"</h1>
            <p>"Fieldchart's start and memory are measured against this window."</p>
            <button on:click=move |_| set_pressed.update(|times| *times += 1)>
                "Pressed " {pressed} " times"
            </button>
        </main>
    }
}
