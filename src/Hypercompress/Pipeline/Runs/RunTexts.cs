using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hypercompress.Configuration;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Reporting;
using Hypercompress.Training;

namespace Hypercompress.Pipeline.Runs;

/// <summary>The texts of a run as token ids, for statistics, training and scores.</summary>
internal sealed class RunTexts
{
    private const int HeldBackShare = 10;
    private const int MostBytesOfAToken = 16;
    private const int ProbeWindowLength = 128;
    private const string HeldBackPrefix = "held back from ";
    private const string OwnText = "the model's own text";
    private readonly int _windowLength;
    private readonly long _calibrationTokens;
    private readonly ImmutableArray<int[]> _texts;
    private readonly ImmutableArray<string> _calibration;
    private readonly ImmutableArray<string> _validation;

    private RunTexts(
        ImmutableArray<int[]> texts,
        ImmutableArray<EvaluationText> validation,
        TextHashes hashes,
        ImmutableArray<string> notes,
        DataOptions options,
        int windowLength)
    {
        (_texts, Validation, Hashes, Notes) = (texts, validation, hashes, notes);
        (_calibrationTokens, _windowLength) = (options.CalibrationTokens, windowLength);
        (_calibration, _validation) = (options.Calibration, options.Validation);
    }

    /// <summary>The calibration texts as a whole.</summary>
    public IReadOnlyList<int[]> Calibration => _texts;

    /// <summary>Texts that teacher and student are scored on.</summary>
    public ImmutableArray<EvaluationText> Validation { get; }

    /// <summary>SHA-256 of every file.</summary>
    public TextHashes Hashes { get; }

    /// <summary>Decisions about the texts that a user should know.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>Reads and encodes the texts that a configuration names.</summary>
    /// <param name="options">The files.</param>
    /// <param name="hashes">Their hashes.</param>
    /// <param name="model">The model whose tokenizer and context length are used.</param>
    /// <param name="write">
    /// Writes the calibration text where none is given: gets the number of tokens and the length of a sequence.
    /// </param>
    /// <returns>The texts.</returns>
    /// <exception cref="ConfigurationException">
    /// There is too little calibration text, or it is text and the model has no tokenizer.
    /// </exception>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    public static RunTexts Read(
        DataOptions options, TextHashes hashes, LanguageModel model, Func<long, int, int[]> write)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(hashes);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(write);
        int length = Math.Min(options.SequenceLength, model.MaxContext);
        ImmutableArray<string> notes = Shortened(options.SequenceLength, length);
        string[] names = [.. options.Calibration.Select(file => HeldBackPrefix + Path.GetFileName(file))];
        int[][] texts = [.. options.Calibration.Select(
            file => TokenStream.Read(file, model.Decoder.Config.VocabularySize, model.RequireTokenizer).Ids)];
        if (texts.Length == 0)
        {
            (texts, names) = ([write(options.CalibrationTokens, length)], [HeldBackPrefix + OwnText]);
            notes = notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"no calibration text was given: the model wrote {texts[0].Length} tokens itself; text of the kind "
                + $"that the model will read gives better results (--calibration FILE)"));
        }

        EvaluationText[] validation = [.. options.Validation.Select(file => EvaluationText.Read(file, model))];
        if (validation.Length == 0)
        {
            (texts, validation) = HoldBack(names, texts);
            notes =
                notes.Add("no validation text was given: the last tenth of each calibration text is used instead");
        }

        RequireEnough(texts, length);
        return new RunTexts([.. texts], [.. validation], hashes, notes, options, length);
    }

    /// <summary>Refuses texts that may be too short, before the model is loaded; long ones are not read.</summary>
    /// <param name="options">The files.</param>
    /// <param name="package">The model's files.</param>
    /// <exception cref="ConfigurationException">
    /// There is too little calibration text, or it is text and the model has no tokenizer.
    /// </exception>
    /// <exception cref="CheckpointException">A file cannot be read, or the tokenizer's files cannot.</exception>
    public static void Check(DataOptions options, ModelPackage package)
    {
        if (options.Calibration.IsEmpty)
        {
            return;
        }

        var model = ModelText.Read(package, package.ReadDecoderConfig());
        int length = Math.Min(options.SequenceLength, model.MaxContext);
        if (options.Calibration.All(file => SizeOf(file) < MostBytesOfAToken * (long)length))
        {
            int[][] texts =
            [
                .. options.Calibration.Select(
                    file => TokenStream.Read(file, model.Config.VocabularySize, model.RequireTokenizer).Ids),
            ];
            RequireEnough(options.Validation.IsEmpty ? HoldBack(options.Calibration, texts).Texts : texts, length);
        }
    }

    /// <summary>Whether a validation text is the end of a calibration text.</summary>
    /// <param name="text">The validation text.</param>
    public static bool IsHeldBack(EvaluationText text) =>
        text.File.StartsWith(HeldBackPrefix, StringComparison.Ordinal);

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

    /// <summary>
    /// Windows for measuring damaged models, spread over the part of every calibration text that the statistics do not
    /// read.
    /// </summary>
    /// <param name="tokens">Approximate number of tokens.</param>
    /// <returns>Windows of equal length; from the part that the statistics read where there is no other.</returns>
    public IReadOnlyList<int[]> ProbeWindows(int tokens)
    {
        int length = Math.Min(ProbeWindowLength, _windowLength);
        int perText = Math.Max(1, tokens / length / _texts.Length);
        return
        [
            .. from text in _texts
               where text.Length >= length
               let used = Math.Min(WindowsOf(text) * _windowLength, text.Length - length)
               let free = text.Length - length - used
               from window in Enumerable.Range(0, perText)
               let start = used + (int)((long)free * window / perText)
               select text[start..(start + length)],
        ];
    }

    /// <summary>
    /// Calibration windows that the drift of a compressed prefix is measured on, evenly spread over the text.
    /// </summary>
    /// <param name="tokens">Tokens of them together.</param>
    /// <param name="processes">Processes that each read some of them.</param>
    /// <returns>At least two windows and one for each process, where the text has them.</returns>
    public IReadOnlyList<int[]> DriftWindows(long tokens, int processes)
    {
        IReadOnlyList<int[]> all = CalibrationWindows();
        int count = Math.Min(all.Count, (int)Math.Max(Math.Max(2, processes), tokens / _windowLength));
        return [.. Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)])];
    }

    /// <summary>All calibration texts for training; a part of each is held out to validate training on.</summary>
    /// <returns>The tokens.</returns>
    public TrainingTokens TrainingTokens() => new(
        [.. _texts.Select(text => ImmutableArray.Create(text, 0, KeptOf(text)))],
        [.. _texts.Select(text => ImmutableArray.Create(text.AsSpan(KeptOf(text))))]);

    /// <summary>The first tokens of the first validation text.</summary>
    /// <param name="tokens">How many tokens at most.</param>
    /// <returns>The ids.</returns>
    public ImmutableArray<int> FirstTokens(int tokens) =>
        [.. Validation[0].Ids.Span[..Math.Min(tokens, Validation[0].Ids.Length)]];

    /// <summary>All texts with their hashes and token counts, for the report.</summary>
    /// <param name="scored">Tokens of each validation text that scores were taken of.</param>
    /// <returns>Calibration texts first.</returns>
    public ImmutableArray<TextReport> Describe(IReadOnlyList<long> scored) =>
    [
        .. _texts.Select((text, i) => new TextReport(
            SourceOf(i),
            "calibration",
            HashOf(i),
            text.Length,
            (long)WindowsOf(text) * _windowLength)),
        .. Validation.Select((text, i) => new TextReport(
            _validation.IsEmpty ? HeldBackPrefix + SourceOf(i) : Path.GetFileName(text.File),
            "validation",
            _validation.IsEmpty ? HashOf(i) : Hashes.Of(_validation[i]),
            text.Ids.Length,
            i < scored.Count ? scored[i] : 0)),
    ];

    private string SourceOf(int index) =>
        _calibration.IsEmpty ? OwnText : Path.GetFileName(_calibration[index]);

    // A text that the model wrote has the hash of its token ids.
    private string HashOf(int index) => _calibration.IsEmpty
        ? Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(_texts[index])))
        : Hashes.Of(_calibration[index]);

    private int WindowsOf(int[] text)
    {
        long share = Math.Max(_windowLength, _calibrationTokens / _texts.Length);
        return (int)Math.Min(text.Length / _windowLength, share / _windowLength);
    }

    private static long SizeOf(string file) => new FileInfo(TextSource.Parse(file).Path).Length;

    private static (int[][] Texts, EvaluationText[] Validation) HoldBack(
        IReadOnlyList<string> names, int[][] texts) =>
        ([.. texts.Select(text => text[..KeptOf(text)])],
         [.. texts.Select((text, i) => new EvaluationText(names[i], text.AsMemory(KeptOf(text))))]);

    // Tokens of a text before the part that is held back.
    private static int KeptOf(int[] text) => text.Length - (text.Length / HeldBackShare);

    // The default is meant to be cut; a length that somebody asked for is not.
    private static ImmutableArray<string> Shortened(int asked, int length) =>
        asked == length || asked == new DataOptions().SequenceLength
            ? []
            : [string.Create(
                CultureInfo.InvariantCulture,
                $"data.sequence_length is {asked}, but the model takes {length} tokens at once: windows have these")];

    private static void RequireEnough(int[][] texts, int length)
    {
        long available = texts.Sum(text => (long)text.Length / length);
        if (available == 0)
        {
            throw new ConfigurationException(
                $"the calibration texts have {texts.Sum(text => text.Length)} tokens and none of them fills a window "
                + $"of {length}: give more text, or lower data.sequence_length");
        }
    }
}
