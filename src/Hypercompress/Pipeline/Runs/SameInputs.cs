using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hypercompress.Journal;
using Hypercompress.Models.Errors;
using Hypercompress.Processes;

namespace Hypercompress.Pipeline.Runs;

/// <summary>Finds out whether all processes of a run have the same inputs, before they work together.</summary>
internal static class SameInputs
{
    private const string Statistics = "file of statistics";

    /// <summary>Compares the inputs with those of process 0; done by all.</summary>
    /// <param name="processes">The processes.</param>
    /// <param name="inputs">The inputs of this process.</param>
    /// <param name="hasStatistics">Whether this process has found kept offers.</param>
    /// <exception cref="ConfigurationException">They differ; names the inputs.</exception>
    public static void Require(IProcessGroup processes, RunInputs inputs, bool hasStatistics)
    {
        if (processes.Size == 1)
        {
            return;
        }

        ImmutableSortedDictionary<string, string> own =
            inputs.Hashes.SetItem(Statistics, hasStatistics ? "found" : "none");
        ImmutableSortedDictionary<string, string> first = OfFirst(processes, own);
        string[] differing =
        [
            .. own.Keys.Union(first.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where(name => own.GetValueOrDefault(name) != first.GetValueOrDefault(name)),
        ];
        if (differing.Length > 0)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"process {processes.Rank} has other inputs than process 0: {string.Join(", ", differing)}; all need "
                + $"the same files, options, threads and kind of processor"));
        }
    }

    private static ImmutableSortedDictionary<string, string> OfFirst(
        IProcessGroup processes, ImmutableSortedDictionary<string, string> own)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(own);
        int[] length = [content.Length];
        processes.Broadcast(MemoryMarshal.AsBytes(length.AsSpan()), 0);
        byte[] first = processes.Rank == 0 ? content : new byte[length[0]];
        processes.Broadcast(first, 0);
        return JsonSerializer.Deserialize<ImmutableSortedDictionary<string, string>>(first)!
            .WithComparers(StringComparer.Ordinal);
    }
}
