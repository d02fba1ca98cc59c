using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Hub;
using TorchSharp;

namespace Hypercompress.Cli.Commands.Diagnosis;

/// <summary>Looks at the machine and measures what runs depend on.</summary>
/// <param name="clock">For measuring.</param>
/// <param name="threads">CPU threads that were asked for; null for one per processor.</param>
internal sealed class MachineReport(TimeProvider clock, int? threads)
{
    private const long LeastFreeBytes = 1_000_000_000;
    private readonly List<string> _problems = [];

    /// <summary>Looks and measures; takes a few seconds.</summary>
    /// <returns>The document of <c>--json</c>.</returns>
    /// <exception cref="ConfigurationException">The number of threads is out of range.</exception>
    public JsonObject Make()
    {
        JsonObject torch = Torch();
        HubSettings hub = HubSettings.FromEnvironment(Environment.GetEnvironmentVariable);
        FolderCheck[] folders =
        [
            FolderCheck.Of("temporary files", Path.GetTempPath()),
            FolderCheck.Of("Hub models", hub.CacheFolder),
            FolderCheck.Of("results (current folder)", Environment.CurrentDirectory),
        ];
        foreach (FolderCheck folder in folders)
        {
            Note(folder);
        }

        int used = threads ?? Environment.ProcessorCount;
        return new JsonObject
        {
            ["system"] = RuntimeInformation.OSDescription,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["processor"] = new JsonObject
            {
                ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
                ["cores"] = Environment.ProcessorCount,
                ["instruction_sets"] =
                    new JsonArray([.. InstructionSets.Supported().Select(name => JsonValue.Create(name))]),
            },
            ["memory"] = new JsonObject
            {
                ["total_bytes"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                ["free_bytes"] = FreeMemory.Bytes(),
                ["read_bytes_per_second"] = ReadRate.Measure(used, clock),
            },
            ["libtorch"] = torch,
            ["folders"] = new JsonArray([.. folders.Select(folder => folder.ToJson())]),
            ["run"] = new JsonObject
            {
                ["threads"] = used,
                ["device"] = "cpu",
                ["offline"] = hub.Offline,
            },
            ["problems"] = new JsonArray([.. _problems.Select(problem => JsonValue.Create(problem))]),
            ["ok"] = _problems.Count == 0,
        };
    }

    private JsonObject Torch()
    {
        try
        {
            ThreadsOption.Apply(threads);
            bool hasCuda = torch.cuda.is_available();
            return new JsonObject
            {
                ["loaded"] = true,
                ["version"] = torch.__version__,
                ["matrix_flops_per_second"] = MatrixRate.Measure(clock),
                ["cuda"] = hasCuda,
                ["cuda_devices"] = hasCuda ? torch.cuda.device_count() : 0,
            };
        }
        catch (Exception problem) when (problem is not ConfigurationException)
        {
            _problems.Add($"libtorch: {Failure.Explain(problem).Message}");
            return new JsonObject { ["loaded"] = false };
        }
    }

    private void Note(FolderCheck folder)
    {
        if (!folder.IsWritable)
        {
            _problems.Add($"{folder.Use}: {folder.Path} cannot be written to; give a path in another folder");
        }
        else if (folder.FreeBytes < LeastFreeBytes)
        {
            _problems.Add($"{folder.Use}: {folder.Path} has less than 1 GB free");
        }
    }
}
