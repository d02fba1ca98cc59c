using System.Globalization;
using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Patterns;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Builds the normalizer that a tokenizer file describes.</summary>
internal static class NormalizerReader
{
    /// <exception cref="Errors.CheckpointException">A type that is not known, or a value that does not fit
    /// it.</exception>
    public static INormalizer Read(JsonPart? part) =>
        part is { } found ? ReadOne(found) : new SequenceNormalizer([], "");

    private static INormalizer ReadOne(JsonPart part) => part.Type switch
    {
        "Sequence" => new SequenceNormalizer([.. part.Required("normalizers").Items().Select(ReadOne)], part.File),
        "NFC" => new UnicodeFormNormalizer(NormalizationForm.FormC),
        "NFD" => new UnicodeFormNormalizer(NormalizationForm.FormD),
        "NFKC" => new UnicodeFormNormalizer(NormalizationForm.FormKC),
        "NFKD" => new UnicodeFormNormalizer(NormalizationForm.FormKD),
        "Prepend" => new PrependNormalizer(part.Text("prepend")),
        "Replace" => new ReplaceNormalizer(PatternReader.Read(part.Required("pattern")), part.Text("content")),
        "Lowercase" => new LowercaseNormalizer(),
        "Strip" => new StripNormalizer(part.Flag("strip_left", true), part.Flag("strip_right", true)),
        "StripAccents" => new RuneFilterNormalizer(CharacterClasses.IsMark),
        "ByteLevel" => new ByteLevelNormalizer(),
        "BertNormalizer" => ReadBert(part),
        "Nmt" => new NmtNormalizer(),
        "Precompiled" => ReadPrecompiled(part),
        var other => throw part.Problem($"is a normalizer of type '{other}', which is not supported"),
    };

    private static PrecompiledNormalizer ReadPrecompiled(JsonPart part)
    {
        string text = part.Text("precompiled_charsmap");
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int count)
            ? new PrecompiledNormalizer(CharacterMap.Read(bytes.AsSpan(0, count), problem => part.Problem(problem)))
            : throw part.Problem("has a precompiled_charsmap that is not base64");
    }

    private static SequenceNormalizer ReadBert(JsonPart part)
    {
        bool lowercase = part.Flag("lowercase", true);
        var steps = new List<INormalizer>
        {
            new BertCleanNormalizer(part.Flag("clean_text", true), part.Flag("handle_chinese_chars", true)),
        };
        if (part.Flag("strip_accents", lowercase))
        {
            steps.Add(new UnicodeFormNormalizer(NormalizationForm.FormD));
            steps.Add(new RuneFilterNormalizer(rune =>
                Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark));
        }

        if (lowercase)
        {
            steps.Add(new LowercaseNormalizer());
        }

        return new SequenceNormalizer(steps, part.File);
    }
}
