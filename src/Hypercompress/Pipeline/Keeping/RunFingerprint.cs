using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using Hypercompress.Configuration;
using Hypercompress.Journal;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Kernels;
using Hypercompress.Pipeline.Offers;

namespace Hypercompress.Pipeline.Keeping;

/// <summary>Gathers everything that determines the result of a run.</summary>
internal static class RunFingerprint
{
    private const string KeptSomewhere = "kept";

    /// <summary>Gathers.</summary>
    /// <param name="config">The effective configuration.</param>
    /// <param name="start">Hashes of model, texts and program.</param>
    /// <param name="planFile">A plan to carry out, or null.</param>
    /// <param name="threads">CPU threads of the run.</param>
    /// <param name="processes">Processes that work on the run: they add in an order of their own.</param>
    /// <param name="isStreamed">Whether memory does not hold the weights; training is left out then.</param>
    /// <returns>The inputs.</returns>
    /// <exception cref="CheckpointException">The plan cannot be read.</exception>
    public static RunInputs Of(
        PipelineConfig config, CalibrationStart start, string? planFile, int threads, int processes, bool isStreamed)
    {
        string settings = PipelineConfigWriter.Write(Decisive(config));
        var hashes = start.Origin
            .Remove(OfferBookFingerprint.Settings)
            .SetItem(RunInputs.SettingsName, Hash(Encoding.UTF8.GetBytes(settings)))
            .SetItem("number of threads", threads.ToString(CultureInfo.InvariantCulture))
            .SetItem("place of the weights", isStreamed ? "files" : "memory")
            .SetItem("kind of processor", Processor());
        if (processes > 1)
        {
            hashes = hashes.SetItem("number of processes", processes.ToString(CultureInfo.InvariantCulture));
        }

        return new RunInputs(planFile is null ? hashes : hashes.SetItem("plan", HashOfPlan(planFile)), settings);
    }

    // Texts and predictions are known by their content, wherever they are; messages and ceilings change no result.
    private static PipelineConfig Decisive(PipelineConfig config) => config with
    {
        Logging = new(),
        Runtime = config.Runtime with { MaxRam = null, Threads = null },
        Data = config.Data with { Calibration = [], Validation = [] },
        Distillation = config.Distillation with
        {
            TeacherCache = config.Distillation.TeacherCache is null ? null : KeptSomewhere,
        },
    };

    // Kernels for other instructions add in another order.
    private static string Processor()
    {
        string vectors = Avx512F.IsSupported ? " with 512-bit vectors"
            : Avx2.IsSupported ? " with 256-bit vectors"
            : string.Empty;
        string products = Bfloat16Products.AreFast ? " and bfloat16 products" : string.Empty;
        return RuntimeInformation.ProcessArchitecture + vectors + products;
    }

    private static string HashOfPlan(string file)
    {
        try
        {
            return Hash(File.ReadAllBytes(file));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(file, ReadFault.Describe(file, fault), fault);
        }
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
