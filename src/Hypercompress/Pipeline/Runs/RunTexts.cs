using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Hypercompress.Configuration;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Training;

namespace Hypercompress.Pipeline.Runs;

/// <summary>The texts of a run as token ids: what statistics are taken from, what training reads, what scores are taken on.</summary>
public sealed class RunTexts
{
    private const int HeldBackShare = 10;
    private const int ProbeWindowLength = 128;
    private readonly int _windowLength;
    private readonly long _calibrationTokens;
    private readonly ImmutableArray<int[]> _texts;

    private RunTexts(
        ImmutableArray<int[]> texts,
        ImmutableArray<EvaluationText> validation,
        ImmutableSortedDictionary<string, string> hashes,
        ImmutableArray<string> notes,
        DataOptions options,
        int windowLength)
    {
        (_texts, Validation, Hashes, Notes) = (texts, validation, hashes, notes);
        (_calibrationTokens, _windowLength) = (options.CalibrationTokens, windowLength);
    }

    /// <summary>The calibration texts as a whole.</summary>
    public IReadOnlyList<int[]> Calibration => _texts;

    /// <summary>Texts that teacher and student are scored on.</summary>
    public ImmutableArray<EvaluationText> Validation { get; }

    /// <summary>SHA-256 of every file, by file name.</summary>
    public ImmutableSortedDictionary<string, string> Hashes { get; }

    /// <summary>What had to be decided about the texts.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>Reads and encodes the texts that a configuration names.</summary>
    /// <param name="options">The files.</param>
    /// <param name="model">Gives tokenizer and context length.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="ConfigurationException">
    /// There is no calibration text, or too little of it, or it is text and the model has no tokenizer.
    /// </exception>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    public static RunTexts Read(DataOptions options, LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        if (options.Calibration.IsEmpty)
        {
            throw new ConfigurationException(
                "there is no calibration text: give --calibration FILE (data.calibration), best a mix of what the model will read");
        }

        int[][] texts = [.. options.Calibration.Select(file => Encode(file, model))];
        EvaluationText[] validation = [.. options.Validation.Select(file => EvaluationText.Read(file, model))];
        ImmutableArray<string> notes = [];
        if (validation.Length == 0)
        {
            (texts, validation) = HoldBack(options.Calibration, texts);
            notes = notes.Add("no validation text was given: the last tenth of each calibration text is held back for it");
        }

        int length = Math.Min(options.SequenceLength, model.MaxContext);
        RequireEnough(texts, length);
        return new RunTexts([.. texts], [.. validation], HashAll(options), notes, options, length);
    }

    /// <summary>Tokens of all <see cref="CalibrationWindows"/>.</summary>
    public long CalibrationTokens => _texts.Sum(text => (long)WindowsOf(text) * _windowLength);

    /// <summary>Windows for the statistics: an equal share of every calibration text.</summary>
    /// <returns>Windows of equal length.</returns>
    public IReadOnlyList<int[]> CalibrationWindows() =>
    [
        .. from text in _texts
           from window in new TokenStream(text).Windows(_windowLength, WindowsOf(text))
           select window.ToArray(),
    ];

    /// <summary>Windows for measuring damaged models: spread over what the statistics leave of every calibration text.</summary>
    /// <param name="tokens">How many tokens, about.</param>
    /// <returns>Windows of equal length; taken from the statistics' own text where nothing else is left.</returns>
    public IReadOnlyList<int[]> ProbeWindows(int tokens)
    {
        int length = Math.Min(ProbeWindowLength, _windowLength);
        int perText = Math.Max(1, tokens / length / _texts.Length);
        return
        [
            .. from text in _texts
               where text.Length >= length
               let used = Math.Min(WindowsOf(text) * _windowLength, text.Length - length)
               let room = text.Length - length - used
               from window in Enumerable.Range(0, perText)
               let start = used + (int)((long)room * window / perText)
               select text[start..(start + length)],
        ];
    }

    /// <summary>Calibration windows that the drift of a compressed prefix is measured on, evenly spread over the text.</summary>
    /// <param name="tokens">Tokens of them together.</param>
    /// <returns>At least two windows where the text has them.</returns>
    public IReadOnlyList<int[]> DriftWindows(long tokens)
    {
        IReadOnlyList<int[]> all = CalibrationWindows();
        int count = Math.Min(all.Count, (int)Math.Max(2, tokens / _windowLength));
        return [.. Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)])];
    }

    /// <summary>All calibration text for training, less a part of each that training measures itself on.</summary>
    /// <returns>The tokens.</returns>
    public TrainingTokens TrainingTokens() => new(
        [.. _texts.SelectMany(text => text[..^(text.Length / HeldBackShare)])],
        [.. _texts.SelectMany(text => text[^(text.Length / HeldBackShare)..])]);

    /// <summary>A short beginning of the first validation text.</summary>
    /// <param name="tokens">How many tokens at most.</param>
    /// <returns>The ids.</returns>
    public ImmutableArray<int> Beginning(int tokens) =>
        [.. Validation[0].Ids.Span[..Math.Min(tokens, Validation[0].Ids.Length)]];

    private int WindowsOf(int[] text)
    {
        long share = Math.Max(_windowLength, _calibrationTokens / _texts.Length);
        return (int)Math.Min(text.Length / _windowLength, share / _windowLength);
    }

    private static int[] Encode(string file, LanguageModel model) => TokenIdFile.IsOne(file)
        ? TokenIdFile.ReadJoined(file, model.Decoder.Config.VocabularySize)
        : TokenStream.FromCorpus(new TextCorpus([file]), model.RequireTokenizer()).Ids;

    private static (int[][] Texts, EvaluationText[] Validation) HoldBack(ImmutableArray<string> files, int[][] texts) =>
        ([.. texts.Select(text => text[..^(text.Length / HeldBackShare)])],
         [.. texts.Select((text, i) => new EvaluationText($"held back from {files[i]}", text.AsMemory(text.Length - (text.Length / HeldBackShare))))]);

    private static void RequireEnough(int[][] texts, int length)
    {
        long available = texts.Sum(text => (long)text.Length / length);
        if (available == 0)
        {
            throw new ConfigurationException(
                $"the calibration texts have {texts.Sum(text => text.Length)} tokens and none fills a window of {length}: "
                + "give more text, or lower data.sequence_length");
        }
    }

    private static ImmutableSortedDictionary<string, string> HashAll(DataOptions options)
    {
        var hashes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (string file in options.Calibration.Concat(options.Validation).Distinct())
        {
            hashes.Add(FreeName(Path.GetFileName(file), hashes.ContainsKey), Hash(file));
        }

        return hashes.ToImmutable();
    }

    // Texts of different folders may have the same name.
    private static string FreeName(string name, Func<string, bool> isTaken) => Enumerable.Range(1, int.MaxValue)
        .Select(number => number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({number})"))
        .First(candidate => !isTaken(candidate));

    private static string Hash(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
