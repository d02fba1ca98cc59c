using System.Collections.Immutable;
using Hypercompress.Analysis.Moments;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Processes;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// Reads calibration text with the teacher: once for the second moments of all inputs, and a part of it once more with
/// gradients of the likelihood of labels drawn from the model itself, whose squares are the Fisher information at the
/// outputs.
/// </summary>
/// <param name="options">How.</param>
/// <param name="processes">The processes that each read a part of the text; null for this one alone.</param>
/// <param name="keep">Keeps the input moments of each layer; null where nothing is kept.</param>
/// <remarks>
/// The labels are drawn, not taken from the text: with the text's own labels the squares would be the empirical Fisher,
/// which is another matrix (Kunstner et al., arXiv 1905.12558).
/// </remarks>
internal sealed class CalibrationPass(
    CalibrationSettings options, IProcessGroup? processes = null, KeepLayer? keep = null)
{
    private readonly IProcessGroup _processes = processes ?? SingleProcess.Instance;

    private const int AdvisedTokensPerInput = 16;
    private const int FisherShare = 4;

    /// <summary>Takes the statistics.</summary>
    /// <param name="teacher">The model; not changed, and must outlive the statistics.</param>
    /// <param name="windows">
    /// Token windows, each at least one token longer than the positions that are skipped; no padding.
    /// </param>
    /// <param name="progress">
    /// Told the tokens read so far and the tokens in all, both passes together; may be null.
    /// </param>
    /// <param name="texts">
    /// Whole texts for the frequencies of tokens, each of the same weight: counting costs nothing, and a few windows
    /// know little of rare tokens. Null counts the windows.
    /// </param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>Statistics that the caller disposes.</returns>
    /// <exception cref="ConfigurationException">
    /// There are no windows, or one is too short or has an id out of range.
    /// </exception>
    /// <exception cref="NumericalException">A weight or an activation is not finite.</exception>
    public CalibrationStatistics Run(
        DecoderModel teacher,
        IReadOnlyList<int[]> windows,
        Action<long, long>? progress = null,
        IReadOnlyList<int[]>? texts = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(windows);
        RequireUsable(teacher, windows);
        using var scope = NewDisposeScope();
        IReadOnlyList<NumberedBatch> fisherBatches =
            WindowBatches.OfProcess(ChooseFisherWindows(windows), options.FisherWindow, _processes);
        IReadOnlyList<int[]> ownWindows = _processes.InTurns(windows);
        long total = ownWindows.Concat(fisherBatches.SelectMany(batch => batch.Windows))
            .Sum(window => (long)window.Length);
        var steps = new CalibrationSteps(teacher.Config.Layers, done => progress?.Invoke(done, total), cancellation);
        var weights = new TeacherWeights(teacher);
        var moments = new CalibrationMoments();
        try
        {
            using var hidden = new MomentSum(teacher.Config.HiddenSize, teacher.Device);
            new InputPass(teacher, options, steps, _processes, keep).Run(ownWindows, moments, hidden);
            using var fisher = new FisherTap(options.SkipPositions, options.OutputMetric == OutputMetric.Kronecker);
            using var head = new HeadPass(teacher, options.HeadTokens, options.Seed);
            using (enable_grad())
            {
                new GradientPass(teacher, fisher, head, steps).Run(fisherBatches, options.FisherWindow);
            }

            fisher.Gather(_processes);
            head.Gather(_processes);
            ImmutableArray<string> notes = Warn(moments.Inputs);
            Conclude(teacher, texts ?? windows, moments, hidden, fisher, head);
            return new CalibrationStatistics(teacher, weights, moments, hidden.Count, options, notes);
        }
        catch
        {
            moments.Dispose();
            throw;
        }
    }

    private void RequireUsable(DecoderModel teacher, IReadOnlyList<int[]> windows)
    {
        if (windows.Count == 0)
        {
            throw new ConfigurationException("calibration: there is no text; give at least one window of tokens");
        }

        if (windows.Count < _processes.Size)
        {
            throw new ConfigurationException(
                $"calibration: the text fills {windows.Count} windows, too few for {_processes.Size} processes; give "
                + "more text, lower data.sequence_length or start fewer processes");
        }

        for (int i = 0; i < windows.Count; i++)
        {
            if (windows[i].Length <= options.SkipPositions)
            {
                throw new ConfigurationException(
                    $"calibration: window {i} has {windows[i].Length} tokens, of which the first "
                    + $"{options.SkipPositions} do not count; give longer text or lower skip_positions");
            }

            int stray = Array.FindIndex(windows[i], id => id < 0 || id >= teacher.Config.VocabularySize);
            if (stray >= 0)
            {
                throw new ConfigurationException(
                    $"calibration: window {i} has the token {windows[i][stray]} at {stray}; the vocabulary ends at "
                    + $"{teacher.Config.VocabularySize - 1}: is this the model's own tokenizer?");
            }
        }
    }

    // Evenly spread over the text, so that every source in it is sampled.
    private ImmutableArray<int[]> ChooseFisherWindows(IReadOnlyList<int[]> windows)
    {
        long wanted = long.Min(options.FisherTokens, windows.Sum(window => (long)window.Length) / FisherShare);
        int typical = int.Min(options.FisherWindow, (int)windows.Average(window => window.Length));
        int count = (int)long.Clamp(wanted / int.Max(1, typical), _processes.Size, windows.Count);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                int[] window = windows[(int)((long)i * windows.Count / count)];
                return window.Length <= options.FisherWindow ? window : window[..options.FisherWindow];
            }),
        ];
    }

    private void Conclude(
        DecoderModel teacher,
        IReadOnlyList<int[]> texts,
        CalibrationMoments moments,
        MomentSum hidden,
        FisherTap fisher,
        HeadPass head)
    {
        foreach (string site in teacher.Slots.Select(slot => slot.Name).Where(moments.Inputs.Has))
        {
            Tensor weights = OutputWeights(site, fisher).ToHost();
            moments.OutputWeights.Add(site, weights.DetachFromDisposeScope());
            KeepMoment(site, fisher, weights, moments.Outputs);
        }

        Tensor frequencies = TokenMetric.Frequencies(Count(texts, teacher));
        Tensor spread = Positive(
            teacher.Slots[^1].Name, TokenMetric.Blend(head.MeanSpread(), frequencies), options.TokenFloor);
        foreach (WeightSlot slot in teacher.Slots.Where(slot => !moments.Inputs.Has(slot.Name)).ToList())
        {
            (Tensor rows, Tensor moment) = slot.Kind == WeightSlotKind.Head
                ? (spread.clone(), hidden.Mean())
                : EmbeddingMetric(teacher, frequencies, hidden, fisher, spread);
            moments.OutputWeights.Add(slot.Name, rows.ToHost().DetachFromDisposeScope());
            moments.Inputs.Add(
                [slot.Name], new InputMoment(moment.ToHost().DetachFromDisposeScope(), hidden.Count, options.Damping));
        }
    }

    private static void KeepMoment(string site, FisherTap fisher, Tensor weights, OutputMomentStore store)
    {
        using var scope = NewDisposeScope();
        if (fisher.TakeMoments(site) is { } halves)
        {
            (Tensor first, Tensor second) = (halves.First.ToHost(), halves.Second.ToHost());
            double shrinkage = OutputMoment.ShrinkageOf(first, second);
            using var shrunk = new OutputMoment((first + second) / 2, weights, shrinkage);
            store.Add(site, shrunk);
        }
    }

    private Tensor OutputWeights(string site, FisherTap fisher)
    {
        Tensor weights = Positive(site, fisher.MeanSquares(site), options.OutputFloor);
        return options.OutputMetric == OutputMetric.Identity
            ? weights.mean().expand(weights.shape[0]).clone() : weights;
    }

    private static (Tensor Rows, Tensor Moment) EmbeddingMetric(
        DecoderModel teacher, Tensor frequencies, MomentSum hidden, FisherTap fisher, Tensor spread)
    {
        Tensor gradient = fisher.EmbeddingGradient!.Mean();
        return teacher.Config.TieEmbeddings
            ? TokenMetric.Tied(frequencies, gradient, spread, hidden.Mean())
            : (frequencies / frequencies.mean(), gradient * frequencies.mean());
    }

    private static Tensor Positive(string site, Tensor means, double floor)
    {
        using var scope = NewDisposeScope();
        return means.isfinite().all().item<bool>()
            ? TokenMetric.Raise(means, floor).MoveToOuterDisposeScope()
            : throw new NumericalException(
                $"calibration: the gradient at {site} is not finite; check the weights after it");
    }

    private static ImmutableArray<string> Warn(MomentStore moments) =>
    [
        .. moments.Groups
            .Select(group => (group.Width, group.Tokens))
            .Where(size => size.Tokens < AdvisedTokensPerInput * size.Width)
            .Distinct()
            .OrderBy(size => size.Width)
            .Select(size => $"calibration text has {size.Tokens} counted tokens; inputs of width {size.Width} need "
                + $"{AdvisedTokensPerInput * size.Width}"),
    ];

    // Every text has the same weight, and all together as many tokens as they have.
    private static Tensor Count(IReadOnlyList<int[]> texts, DecoderModel teacher)
    {
        double[] counts = new double[teacher.Config.VocabularySize];
        double each = texts.Average(text => (double)text.Length);
        foreach (int[] text in texts.Where(text => text.Length > 0))
        {
            foreach (int id in text)
            {
                counts[id] += each / text.Length;
            }
        }

        return tensor(counts, device: teacher.Device);
    }
}
