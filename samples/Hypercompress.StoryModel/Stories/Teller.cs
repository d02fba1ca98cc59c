using System.Text;

namespace Hypercompress.StoryModel.Stories;

/// <summary>
/// Turns templates into sentences. <c>[x|y]</c> tells one of the alternatives; <c>{slot}</c> fills in a fact;
/// <c>{an slot}</c> puts the article before it; <c>{a}</c> names a character and <c>{a?}</c> says <c>he</c> or
/// <c>she</c> where that is clear; <c>{a.his}</c> and its like agree with the character;
/// <c>&lt;a say Hello.&gt;</c> is direct speech.
/// </summary>
public sealed class Teller
{
    // Stands after a quotation whose sentence goes on with "said X"; never told.
    private const char SameSentence = '\u0001';

    private readonly StoryRandom _random;
    private readonly IReadOnlyDictionary<char, Character> _cast;
    private readonly IReadOnlyDictionary<string, string> _facts;
    private readonly StringBuilder _story = new();
    private char _focus;

    /// <summary>Starts an empty story.</summary>
    /// <param name="random">Makes the choices.</param>
    /// <param name="cast">Characters by their letter in the templates.</param>
    /// <param name="facts">Values of the slots.</param>
    public Teller(
        StoryRandom random, IReadOnlyDictionary<char, Character> cast, IReadOnlyDictionary<string, string> facts) =>
        (_random, _cast, _facts) = (random, cast, facts);

    /// <summary>What was told so far.</summary>
    public string Story => _story.ToString();

    /// <summary>Tells one moment, or leaves it out when its chance says so.</summary>
    /// <param name="beat">The moment.</param>
    public void Tell(Beat beat)
    {
        ArgumentNullException.ThrowIfNull(beat);
        if (!_random.Chance(beat.Chance))
        {
            return;
        }

        if (beat.OpensParagraph)
        {
            _focus = '\0';
        }

        string separator = beat.OpensParagraph ? "\n\n" : " ";
        string told = Capitalize(Expand(_random.Pick(beat.Templates)).Trim()).Replace($"{SameSentence}", "");
        _story.Append(_story.Length == 0 ? "" : separator).Append(told);
    }

    private string Expand(ReadOnlySpan<char> template)
    {
        var told = new StringBuilder();
        for (int i = 0; i < template.Length; i++)
        {
            char c = template[i];
            if (c is not ('[' or '{' or '<'))
            {
                told.Append(c);
                continue;
            }

            int end = Closing(template, i);
            var inner = template[(i + 1)..end];
            told.Append(c switch
            {
                '[' => Expand(_random.Pick(Alternatives(inner))),
                '{' => Fill(inner.ToString()),
                _ => Speak(inner),
            });
            i = end;
        }

        return told.ToString();
    }

    private static int Closing(ReadOnlySpan<char> template, int open)
    {
        char closing = template[open] switch { '[' => ']', '{' => '}', _ => '>' };
        int depth = 0;
        for (int i = open; i < template.Length; i++)
        {
            depth += template[i] == template[open] ? 1 : template[i] == closing ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw new FormatException($"'{template}' opens {template[open]} at {open} and does not close it");
    }

    private static List<string> Alternatives(ReadOnlySpan<char> inner)
    {
        var alternatives = new List<string>();
        int depth = 0, start = 0;
        for (int i = 0; i < inner.Length; i++)
        {
            depth += inner[i] == '[' ? 1 : inner[i] == ']' ? -1 : 0;
            if (inner[i] == '|' && depth == 0)
            {
                alternatives.Add(inner[start..i].ToString());
                start = i + 1;
            }
        }

        alternatives.Add(inner[start..].ToString());
        return alternatives;
    }

    private string Fill(string slot)
    {
        if (slot.StartsWith("an ", StringComparison.Ordinal))
        {
            string value = Fill(slot[3..]);
            return (value[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " : "a ") + value;
        }

        if (_facts.TryGetValue(slot, out string? fact))
        {
            return Expand(fact);
        }

        return _cast.TryGetValue(slot[0], out var character)
            ? Mention(slot[0], character, slot[1..])
            : throw new FormatException($"no fact or character fills the slot {{{slot}}}");
    }

    private string Mention(char letter, Character character, string form)
    {
        if (form.Length == 0 || (form == "?" && _focus != letter))
        {
            _focus = letter;
            return character.Name;
        }

        return form switch
        {
            "?" or ".he" => character.Pronouns.Subject,
            ".him" => character.Pronouns.Object,
            ".his" => character.Pronouns.Possessive,
            ".himself" => character.Pronouns.Reflexive,
            ".kind" => character.Kind,
            ".trait" => character.Trait,
            _ => throw new FormatException($"a character has no form '{form}'"),
        };
    }

    // Inside the quotation a name does not change of whom the story speaks.
    private string Speak(ReadOnlySpan<char> speech)
    {
        char letter = speech[0];
        int space = speech[2..].IndexOf(' ') + 2;
        char before = _focus;
        string manner = speech[2..space].ToString();
        string words = Capitalize(Expand(speech[(space + 1)..]));
        string verb = _random.Pick(World.SpeechVerbs[manner]);
        string speaker = before == letter && _random.Chance(0.6)
            ? _cast[letter].Pronouns.Subject
            : _cast[letter].Name;
        _focus = letter;
        return Quote(words, verb, speaker);
    }

    private string Quote(string words, string verb, string speaker)
    {
        if (_random.Chance(0.4))
        {
            return $"{speaker} {verb}, \"{words}\"";
        }

        int split = words.AsSpan(0, words.Length - 1).IndexOfAny('.', '!', '?');
        string first = split < 0 ? words : words[..(split + 1)];
        string opening = first[^1] == '.' ? first[..^1] + "," : first;
        // "she said" and "the owl said softly", but "said the owl".
        string saying = speaker is "he" or "she" || verb.Contains(' ') ? $"{speaker} {verb}" : $"{verb} {speaker}";
        string rest = split < 0 ? "" : $" \"{words[(split + 1)..].Trim()}\"";
        return $"\"{opening}\"{SameSentence} {saying}.{rest}";
    }

    // The first letter, and every letter that follows the end of a sentence, quoted or not.
    private static string Capitalize(string text)
    {
        var letters = text.ToCharArray();
        bool due = true;
        for (int i = 0; i < letters.Length; i++)
        {
            if (char.IsLetter(letters[i]))
            {
                letters[i] = due ? char.ToUpperInvariant(letters[i]) : letters[i];
                due = false;
            }
            else if (letters[i] is '.' or '!' or '?')
            {
                var after = text.AsSpan(i + 1).TrimStart('"');
                due = after.StartsWith(" ");
            }
        }

        return new string(letters);
    }
}
