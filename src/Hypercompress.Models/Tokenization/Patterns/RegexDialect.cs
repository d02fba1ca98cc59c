using System.Text;

namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>
/// Rewrites the Oniguruma patterns of tokenizer files for .NET. The two agree on everything that tokenizers use but
/// possessive quantifiers (<c>?+</c>, <c>*+</c>, <c>++</c>), which become atomic groups.
/// </summary>
internal static class RegexDialect
{
    private const int DeepestGroup = 100;

    /// <exception cref="ArgumentException">The pattern uses what .NET has no equal of, or is malformed.</exception>
    public static string ToDotNet(string pattern)
    {
        Refuse(pattern, "&&", "an intersection of character classes");
        Refuse(pattern, "[[:", "a POSIX class");
        Refuse(pattern, "\\x{", "a braced code point");
        if (pattern.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            throw new ArgumentException("a literal character outside the basic plane is not supported");
        }

        int position = 0;
        return Alternatives(pattern, ref position, depth: 0);
    }

    private static void Refuse(string pattern, string sign, string meaning)
    {
        if (pattern.Contains(sign, StringComparison.Ordinal))
        {
            throw new ArgumentException($"{meaning} ('{sign}') is not supported");
        }
    }

    private static string Alternatives(string pattern, ref int position, int depth)
    {
        var output = new StringBuilder();
        while (position < pattern.Length)
        {
            char sign = pattern[position];
            if (sign == ')' && depth > 0)
            {
                break;
            }

            if (sign is '|' or ')')
            {
                output.Append(sign);
                position++;
                continue;
            }

            string atom = Atom(pattern, ref position, depth);
            string quantifier = Quantifier(pattern, ref position);
            bool possessive = quantifier is "?+" or "*+" or "++";
            output.Append(possessive ? $"(?>{atom}{quantifier[0]})" : atom + quantifier);
        }

        return output.ToString();
    }

    private static string Atom(string pattern, ref int position, int depth) => pattern[position] switch
    {
        '\\' => Escape(pattern, ref position),
        '[' => CharacterClass(pattern, ref position),
        '(' => Group(pattern, ref position, depth),
        _ => pattern[position++].ToString(),
    };

    private static string Escape(string pattern, ref int position)
    {
        int start = position;
        position = Math.Min(position + 2, pattern.Length);
        bool property = position - start == 2 && pattern[start + 1] is 'p' or 'P';
        if (property && position < pattern.Length && pattern[position] == '{')
        {
            int close = pattern.IndexOf('}', position);
            position = close < 0 ? pattern.Length : close + 1;
        }

        return pattern[start..position];
    }

    private static string CharacterClass(string pattern, ref int position)
    {
        int start = position++;
        if (position < pattern.Length && pattern[position] == '^')
        {
            position++;
        }

        bool first = true;
        while (position < pattern.Length && (first || pattern[position] != ']'))
        {
            position += pattern[position] == '\\' ? 2 : 1;
            first = false;
        }

        position = Math.Min(position + 1, pattern.Length);
        return pattern[start..position];
    }

    private static string Group(string pattern, ref int position, int depth)
    {
        if (depth == DeepestGroup)
        {
            throw new ArgumentException($"groups are nested more than {DeepestGroup} deep");
        }

        int start = position++;
        // The opening of (?:, (?=, (?!, (?>, (?<=, (?<!, (?<name> and (?i: is copied, not taken for quantifiers.
        if (position < pattern.Length && pattern[position] == '?')
        {
            position++;
            while (position < pattern.Length && !":=!>)".Contains(pattern[position], StringComparison.Ordinal))
            {
                position++;
            }

            if (position < pattern.Length && pattern[position] != ')')
            {
                position++;
            }
        }

        string opening = pattern[start..position];
        string inner = Alternatives(pattern, ref position, depth + 1);
        if (position >= pattern.Length)
        {
            throw new ArgumentException("a group is not closed");
        }

        position++;
        return $"{opening}{inner})";
    }

    private static string Quantifier(string pattern, ref int position)
    {
        int start = position;
        if (position < pattern.Length && pattern[position] is '?' or '*' or '+')
        {
            position++;
            if (position < pattern.Length && pattern[position] is '?' or '+')
            {
                position++;
            }
        }

        return pattern[start..position];
    }
}
