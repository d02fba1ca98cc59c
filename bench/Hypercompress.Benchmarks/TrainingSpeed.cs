using System.Diagnostics;
using System.Globalization;
using Hypercompress.Distillation;
using Hypercompress.Forms;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Training;
using static TorchSharp.torch;

namespace Hypercompress.Benchmarks;

/// <summary>
/// Times the steps of distillation: <c>trainingstep MODEL FORMAT STEPS THREADS float32|bfloat16</c>. The student is the
/// model with all its matrices in one number format, such as <c>ef2</c> (the scales of a trellis train) or <c>es2</c>
/// (scalar levels train). The tokens are random, since speed does not depend on them.
/// <c>bench/pytorch/training_step.py</c> times the same step in PyTorch.
/// </summary>
internal static class TrainingSpeed
{
    private const int BatchSize = 4;
    private const int SequenceLength = 256;

    public static void Run(string[] args)
    {
        int steps = int.Parse(args[3], CultureInfo.InvariantCulture);
        set_num_threads(int.Parse(args[4], CultureInfo.InvariantCulture));
        using ModelPackage package = ModelPackage.Open(args[1]);
        using LanguageModel model = LanguageModel.Load(package);
        DecoderModel teacher = model.Decoder;
        ValueFormat format = NumberFormatRegistry.Standard.Parse(args[2]);
        using DecoderModel student = teacher.WithMatrices(slot =>
        {
            using var noGrad = no_grad();
            using Tensor values = slot.Matrix.Materialize();
            return DenseForm.From(values, format);
        });

        var options = new TrainingOptions
        {
            BatchSize = BatchSize,
            SequenceLength = SequenceLength,
            TokenBudget = (long)steps * BatchSize * SequenceLength,
            Precision = Enum.Parse<TrainingPrecision>(args[5], ignoreCase: true),
            Patience = 0,
        };
        var random = new Random(1);
        int[] text = [.. Enumerable.Range(0, (steps + 1) * BatchSize * (SequenceLength + 1))
            .Select(_ => random.Next(teacher.Config.VocabularySize))];
        var clock = new StepClock();
        var trainer = new ModelTrainer("bench", options, new TrainingWatch(TimeProvider.System, clock));
        trainer.Run(
            student,
            TrainingTokens.Of([.. text], []),
            new DistillationLoss(teacher, new DistillationOptions()));

        // The first step reserves memory.
        double seconds = Middle.Of(clock.Seconds.Skip(1));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{format.Name}, {args[5]}: {BatchSize * SequenceLength / seconds:F1} tokens/s (median of {steps - 2}), "
                + $"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1e9:F2} GB"));
    }

    private sealed class StepClock : IProgress<TrainingProgress>
    {
        private long _last = Stopwatch.GetTimestamp();

        public List<double> Seconds { get; } = [];

        public void Report(TrainingProgress value)
        {
            Seconds.Add(Stopwatch.GetElapsedTime(_last).TotalSeconds);
            _last = Stopwatch.GetTimestamp();
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"step {value.Step.Step}: {Seconds[^1]:F2} s"));
        }
    }
}
