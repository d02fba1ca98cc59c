namespace Hypercompress.Models.Tests.Tokenization.Reference;

/// <summary>The regular expressions by which published tokenizers cut text, and others in the same syntax.</summary>
internal static class PublishedPatterns
{
    private const string Contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string SignsAndSpaces = @" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Patterns by the name of a tokenizer that uses them.</summary>
    public static IReadOnlyList<(string Name, string Pattern)> All { get; } =
    [
        ("gpt2", @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"),
        ("gpt2 as published", @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"),
        ("gpt2 possessive", @"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"),
        ("cl100k", @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|"
            + @"\s++$|\s*[\r\n]|\s+(?!\S)|\s"),
        ("cl100k first", @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
            + @" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
        ("o200k", @"[^\r\n\p{L}\p{N}]?" + Upper + "*" + Lower + "+" + Contraction + "?|" + @"[^\r\n\p{L}\p{N}]?"
            + Upper + "+" + Lower + "*"
            + Contraction + @"?|\p{N}{1,3}|" + SignsAndSpaces),
        ("llama3", Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"
            + @"\s+(?!\S)|\s+"),
        ("qwen2", Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
        ("qwen3.5", Contraction + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"
            + @"\s*[\r\n]+|\s+(?!\S)|\s+"),
        ("deepseek-v3 digits", @"\p{N}{1,3}"),
        ("deepseek-v3 cjk", "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"),
        ("deepseek-v3 words", """[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|"""
            + @"[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
        ("deepseek-coder lines", @"[\r\n]"),
        ("deepseek-coder words", @"\s?\p{L}+"),
        ("deepseek-coder signs", @"\s?\p{P}+"),
        ("deepseek-coder cjk", "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"),
        ("deepseek-llm", "\\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-"
            + "\u01bf\u01c4-\u0293\u0370-\u0373\U00010400-\U0001044f]+"),
        ("superbpe", @"(?=(\d{3})+(?!\d))"),
        ("superbpe words", @"(?=(?:\d{3})+\b)|\p{N}+"),
        ("falcon digits", "[0-9][0-9][0-9]"),
        ("starcoder digits", @"\p{N}"),
        ("bloom", " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+"),
        ("bloom later", " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+|\\s+"),
        ("chatglm4", Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
            + @"\s*[\r\n]+|\s+(?!\S)|\s+"),
        ("phi4", @"[^\r\n\p{L}\p{N}]?\p{L}+(?:'\p{L}+)?|\p{N}{1,2}|" + SignsAndSpaces),
        ("olmo", @" ?[^\s\p{L}\p{N}]+|\p{N}{3}|\p{N}+| ?\p{L}+|\s+"),
        ("smollm3", Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"
            + @"\s+(?!\S)|\s+"),
        ("granite", @"[^\r\n\p{L}\p{N}]?((?=[\p{L}])([^a-z]))*((?=[\p{L}])([^A-Z]))+" + Contraction + "?|"
            + SignsAndSpaces),
        ("exaone", @"(?=\p{N})|(?<=\p{N})(?!\p{N})"),
        ("tekken", @"[^\r\n\p{L}\p{N}]?" + Upper + "*" + Lower + @"+|"
            + @"[^\r\n\p{L}\p{N}]?" + Upper + "+" + Lower + @"*|\p{N}|" + SignsAndSpaces),
        ("command-r", @"\p{N}{1}"),
        ("gemma", "\u2581+|[^\u2581]+"),
        ("gemma newlines", @"(?:\n)+|[^\n]+"),
        ("kimi", @"[\p{Han}]+|"
            + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*"
            + @"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+" + Contraction
            + @"?|"
            + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
            + @"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*" + Contraction
            + @"?|\p{N}{1,3}|" + SignsAndSpaces),
        ("minimax", @"\p{L}+|\p{N}|[^\p{L}\p{N}]"),
        ("ernie", @"\p{Han}|\p{Hiragana}+|\p{Katakana}+|\p{Hangul}+"),
        ("seed", @"\p{Hani}|\p{Latn}+|\p{Cyrl}+|\p{Zyyy}"),
        ("nemotron", @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}]*[\p{Ll}]+|\p{N}{1,3}|\s+"),
        ("xglm", @"\s{2,}|\S+"),
        ("codegen", @"\t+|\n+| +|[^\s]+"),
        ("word characters", @"\w+|[^\w\s]+"),
        ("words at boundaries", @"\b\w+\b|\B\s"),
        ("posix classes", @"[[:alpha:]]+|[[:digit:]]+|[[:punct:]]|[[:space:]]+|[[:^ascii:]]"),
        ("more posix classes", @"[[:upper:][:cntrl:]]+|[[:graph:]&&[^[:alnum:]]]+|[[:blank:]]|[[:print:]]|"
            + @"[[:xdigit:]]|[[:word:]]|[[:lower:]]"),
        ("hexadecimal digits", @"\h+|\H{2}"),
        ("text segments", @"\X"),
        ("line breaks", @"\R+"),
        ("line anchors", @"^\s+|\s+$|^|$"),
        ("text anchors", @"\A\S+|\s\z|\S+\Z|\G."),
        ("code points", @"[\x{1F300}-\x{1FAFF}]+|\x{6F22}|[\x{41 43 45-48}]|\u00E9|\x41"),
        ("beyond the basic plane", "[\U0001F600-\U0001F64F]+|\U0001D400|[^\U0001D400-\U0001D7FF a-z]+"),
        ("intersections", @"[\p{L}&&[^\p{Lu}]&&[^x-z]]+|[a-z&&[^aeiou]]|[^\p{N}&&[^5]]"),
        ("nested classes", "[a-c[x-z[\\p{N}]]]+|[^[\\s][\\p{P}]]"),
        ("negated properties", @"\P{L}+|\p{^N}|\P{^Lu}"),
        ("blocks", @"\p{InHiragana}+|\p{In_CJK_Unified_Ideographs}|\p{InBasicLatin}{1,4}|\p{In_Emoticons}"),
        ("binary properties", @"\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Alphabetic}+|"
            + @"\p{White_Space}|\p{Ideographic}|\p{ID_Continue}+"),
        ("named groups", @"(?<q>['""]).*?\k<q>|(?<w>\p{L})\k<w>"),
        ("back references", @"(.)\1+|(\w)(\w)\3\2"),
        ("atomic groups", @"(?>\s+)\S|(?>a+|b)c?|\p{L}+"),
        ("inline options", @"(?i)word|camelcase(?-i)Z|(?i:z)"),
        ("dot with line feeds", @"(?m:a.+?b)|.(?m).*"),
        ("extended", "(?x) \\p{L}+ # letters\n | \\p{N}{2} (?#pairs) | [ ]"),
        ("look-behind", @"(?<=\p{L})\p{N}+|(?<![\p{L}\s])\p{L}+|(?<=a|bc|\s{2})."),
        ("keep", @"\p{L}\K\p{N}+|\s\K\S"),
        ("ascii options", @"(?W)\w+|(?D:\d)+|(?S)\s"),
        ("lazy", @"\s*?\S|\p{L}{2,4}?|(?:ab)+?"),
        ("case folding", @"(?i)ss|ﬁ|k+|[å-ö]+|\u0130"),
        ("nothing", ""),
        ("everything", @"(?m).*"),
        ("alternatives of nothing", @"(?:a|)+|\b"),
        ("controls", @"\t|\n|\v|\f|\r|\a|\e|\cA|\x00|\0"),
        ("escapes in classes", @"[\t\n\]\[\-\\^]+|[]a]|[a-]|[-z]|[^\]]"),
        ("counted groups", @"(?:\p{L}\p{N}){1,2}|(?:\s\S){2}|(?:x{0}y)"),
        ("octal", @"\101|\o{102}|[\060-\071]{2}"),
    ];
}
