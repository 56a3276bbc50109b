<?php
/**
 * Plugin Name:       Waymark chat
 * Description:       Loads the Waymark chat from the server named in this file. No settings page, no cookie, no database, no tracking.
 * Version:           1.0.0
 * Requires at least: 6.3
 * Requires PHP:      7.4
 * License:           Apache-2.0
 * License URI:       https://www.apache.org/licenses/LICENSE-2.0
 * Update URI:        false
 *
 * Apache-2.0 is compatible with version 3 of the GPL, and WordPress may be used under that version.
 */

defined( 'ABSPATH' ) || exit;

/* ---- Change what stands between the two lines. '' means: leave it out. ---- */

/** The server that the operator of the chat gave you: https, no path. */
const WAYMARK_CHAT_SERVER = 'https://waymark.example';

/** Slugs or numbers of the pages that carry the chat, such as array( 'help', 42 ); array() means all. */
const WAYMARK_CHAT_PAGES = array();

const WAYMARK_CHAT_ATTRIBUTES = array(
	'language' => '', // To start in, such as 'es'. Left out: the browser's.
	'route'    => '', // 'self', 'other' or 'worker': who the page is for.
	'borough'  => '', // Such as 'tower-hamlets': its services come first.
	'exit-url' => '', // Where 'Leave now' leads. It must say nothing about the person.
	'position' => '', // 'start' or 'end': the corner of the button.
	'headline' => '', // Short and neutral: anybody can read it on the screen.
	'accent'   => '', // A colour, such as '#12595f'.
	'open'     => false, // true opens the chat with the page.
);

/* ---- Nothing to change below. ---- */

const WAYMARK_CHAT_HANDLE = 'waymark-chat';

/** Marks that some optimisers and consent tools obey: leave this script as it is. */
const WAYMARK_CHAT_UNTOUCHED = array(
	'cfasync'       => 'false',
	'cookieconsent' => 'ignore',
);

/** Ask WordPress for the script: at the end of the page, deferred, without '?ver='. */
function waymark_chat_enqueue() {
	if ( WAYMARK_CHAT_PAGES && ! is_page( WAYMARK_CHAT_PAGES ) ) {
		return;
	}
	$source = esc_url_raw( untrailingslashit( WAYMARK_CHAT_SERVER ) . '/widget.js', array( 'https' ) );
	if ( '' === $source ) {
		return;
	}
	wp_enqueue_script(
		WAYMARK_CHAT_HANDLE,
		$source,
		array(),
		null, // phpcs:ignore WordPress.WP.EnqueuedResourceParameters.MissingVersion -- the address must stay as it is.
		array(
			'strategy'  => 'defer',
			'in_footer' => true,
		)
	);
}
add_action( 'wp_enqueue_scripts', 'waymark_chat_enqueue' );

/**
 * Write the data- attributes on our tag and on no other.
 *
 * @param string $tag    What WordPress is about to print for one script.
 * @param string $handle The name of that script.
 * @return string
 */
function waymark_chat_tag( $tag, $handle ) {
	if ( WAYMARK_CHAT_HANDLE !== $handle ) {
		return $tag;
	}
	$html = new WP_HTML_Tag_Processor( $tag );
	while ( $html->next_tag( 'script' ) ) {
		if ( null === $html->get_attribute( 'src' ) ) {
			continue; // Another plugin put a script of its own beside ours.
		}
		foreach ( WAYMARK_CHAT_UNTOUCHED + WAYMARK_CHAT_ATTRIBUTES as $name => $value ) {
			if ( 'exit-url' === $name ) {
				$value = esc_url_raw( $value, array( 'http', 'https' ) );
			}
			if ( '' !== $value && false !== $value ) {
				$html->set_attribute( 'data-' . $name, $value ); // It escapes the value, as esc_attr() does.
			}
		}
	}
	return $html->get_updated_html();
}
add_filter( 'script_loader_tag', 'waymark_chat_tag', 10, 2 );
