using System.Collections.Immutable;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Models.Errors;
using Hypercompress.Settings;

namespace Hypercompress.Cli.Options;

/// <summary>Checks how texts and tasks are to be scored, with errors that name the options.</summary>
internal static class EvaluationRules
{
    /// <summary>Checks all ranges.</summary>
    /// <param name="options">What was typed.</param>
    /// <returns>The same.</returns>
    /// <exception cref="ConfigurationException">There is no such task, or a value is out of range.</exception>
    public static EvaluationOptions Require(EvaluationOptions options)
    {
        if (!options.Tasks.IsEmpty)
        {
            _ = new TaskSuite(options);
        }

        ImmutableArray<KeyValuePair<string, string>> faults = SettingFaults.Of(options);
        return faults.IsEmpty ? options : throw new ConfigurationException(string.Join(
            "; ", faults.Select(fault => $"--{fault.Key.Replace('_', '-')} {fault.Value}")));
    }
}
