using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Hypercompress.Configuration;
using Hypercompress.Distillation;
using Hypercompress.Evaluation;
using Hypercompress.FineTuning;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Planning.Offers;
using Hypercompress.Sequential;

namespace Hypercompress.Pipeline.Offers;

/// <summary>What an offer book depends on, as hashes: another target, limit or training needs no new book.</summary>
internal static class OfferBookFingerprint
{
    /// <summary>The origin of the book that a run would make.</summary>
    /// <param name="package">The teacher.</param>
    /// <param name="config">The configuration.</param>
    /// <returns>Hashes by what they are of.</returns>
    /// <exception cref="CheckpointException">A text cannot be read.</exception>
    public static ImmutableSortedDictionary<string, string> Of(ModelPackage package, PipelineConfig config)
    {
        PipelineConfig settings = WithoutTarget(config);
        var origin = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        origin.Add("model", TeacherFingerprint.Of(package));
        origin.Add("version of the program", typeof(OfferBook).Module.ModuleVersionId.ToString("N"));
        origin.Add("set of settings", Hash(Encoding.UTF8.GetBytes(PipelineConfigWriter.Write(settings))));
        AddTexts(origin, "calibration text", config.Data.Calibration);
        AddTexts(origin, "validation text", config.Data.Validation);
        return origin.ToImmutable();
    }

    private static PipelineConfig WithoutTarget(PipelineConfig config) => config with
    {
        Targets = new TargetOptions { MaxRankFraction = config.Targets.MaxRankFraction },
        Planner = new PlannerOptions
        {
            Mode = config.Planner.Mode,
            Include = config.Planner.Include,
            Probes = config.Planner.Probes,
            ProbeTokens = config.Planner.ProbeTokens,
        },
        Merge = new MergeOptions(),
        Sequential = new SequentialOptions(),
        Distillation = new DistillationOptions(),
        Finetune = new FineTuningOptions(),
        Evaluation = new EvaluationOptions
        {
            Convention = config.Evaluation.Convention,
            Window = config.Evaluation.Window,
            Stride = config.Evaluation.Stride,
            MaxTokens = config.Evaluation.MaxTokens,
        },
        Storage = new StorageOptions(),
        Logging = new LoggingOptions(),
        Data = config.Data with { Calibration = [], Validation = [] },
        Runtime = new RuntimeOptions { Seed = config.Runtime.Seed },
    };

    // Texts that are not given again are taken to be the same ones.
    private static void AddTexts(
        ImmutableSortedDictionary<string, string>.Builder origin, string name, ImmutableArray<string> files)
    {
        if (!files.IsEmpty)
        {
            origin.Add(name, Hash([.. files.SelectMany(HashFile)]));
        }
    }

    private static byte[] HashFile(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            return SHA256.HashData(stream);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(file, $"the text cannot be read: {fault.Message}", fault);
        }
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
