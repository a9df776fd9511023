/* SPDX-License-Identifier: Apache-2.0 */
/* words - see words.h. The same 256 words in the same order are the instance's: what a list of words means is protocol. */
#include "words.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>

static const char *const list[256] = {
	"acorn", "agate", "alder", "amber", "anchor", "angle", "ankle", "apple", "april",
	"apron", "arrow", "atlas", "aunt", "autumn", "badge", "bagel", "baker", "bamboo",
	"banjo", "barley", "barn", "basil", "basket", "beach", "beacon", "beaver", "beetle",
	"bell", "berry", "birch", "bison", "blanket", "boat", "bonnet", "book", "boots",
	"bottle", "bread", "brick", "bridge", "brook", "broom", "bucket", "buffalo", "butter",
	"button", "cabin", "cactus", "camel", "candle", "canoe", "canvas", "carbon", "cargo",
	"carrot", "castle", "cattle", "cedar", "cellar", "cherry", "chess", "cider", "cinema",
	"circus", "citrus", "clover", "coach", "cobalt", "coffee", "comet", "copper", "coral",
	"cotton", "cradle", "crane", "cream", "creek", "cricket", "crown", "crystal",
	"curtain", "daisy", "dance", "delta", "denim", "desert", "diary", "dingo", "dolphin",
	"donkey", "dragon", "drum", "eagle", "easel", "echo", "elbow", "ember", "engine",
	"falcon", "farm", "feather", "fern", "ferry", "fiddle", "field", "finch", "flame",
	"flute", "forest", "fossil", "fox", "galaxy", "garden", "garlic", "gecko", "ginger",
	"glacier", "glove", "goose", "granite", "grape", "gravel", "guitar", "hammer",
	"harbor", "harp", "hazel", "heron", "hill", "hockey", "honey", "hornet", "igloo",
	"indigo", "iris", "island", "ivory", "jacket", "jaguar", "jasmine", "jelly", "jigsaw",
	"jungle", "kayak", "kettle", "kitten", "koala", "ladder", "lagoon", "lantern", "lark",
	"lava", "lemon", "lentil", "lilac", "linen", "lion", "lizard", "llama", "lobster",
	"locket", "lotus", "lunar", "magnet", "mango", "maple", "marble", "market", "meadow",
	"melon", "mint", "mirror", "moose", "mosaic", "moss", "moth", "mountain", "muffin",
	"museum", "mustard", "napkin", "nectar", "needle", "nickel", "noodle", "nutmeg",
	"oak", "oasis", "oboe", "ocean", "olive", "onion", "orange", "orbit", "orchid",
	"otter", "oven", "owl", "oyster", "paddle", "panda", "paper", "parrot", "pasta",
	"peach", "pebble", "pelican", "pencil", "pepper", "piano", "pigeon", "pillow", "pine",
	"planet", "plum", "pocket", "polar", "pond", "poppy", "potato", "prism", "pumpkin",
	"puppet", "quail", "quartz", "quilt", "rabbit", "radio", "raven", "reef", "ribbon",
	"river", "robin", "rocket", "rope", "ruby", "saddle", "sail", "salmon", "sand",
	"satin", "scarf", "seal", "shell", "silver", "spoon", "spruce", "stone", "stork",
	"sugar", "sunset", "swan", "tango", "teapot", "temple", "thistle",
};

void
words_of(const unsigned char *digest, char out[WORDS_SIZE])
{
	size_t at = 0, i;

	for (i = 0; i < WORDS_COUNT; i++)
		at += (size_t)snprintf(out + at, WORDS_SIZE - at, "%s%s", i > 0 ? " " : "", list[digest[i]]);
}

bool
words_of_key(EVP_PKEY *key, char out[WORDS_SIZE])
{
	unsigned char *der = NULL, md[EVP_MAX_MD_SIZE];
	int n = i2d_PUBKEY(key, &der);
	bool ok = n > 0 && EVP_Digest(der, (size_t)n, md, NULL, EVP_sha256(), NULL) == 1;

	OPENSSL_free(der);
	if (ok)
		words_of(md, out);
	return ok;
}
