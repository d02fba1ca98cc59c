using Hypercompress.Models.Errors;

namespace Hypercompress.Settings;

/// <summary>Collects all faults, so that one run reports all of them.</summary>
internal sealed class FaultList
{
    private const int LongestPath = 200;
    private const int LongestProblem = 2000;

    private readonly List<ConfigurationFault> _faults = [];

    public int Count => _faults.Count;

    /// <summary>Adds a fault; endless keys and values of damaged files are shortened.</summary>
    public void Add(SettingOrigin origin, string path, string problem) => _faults.Add(
        new ConfigurationFault(origin, Shortened(path, LongestPath), Shortened(problem, LongestProblem)));

    /// <summary>Adds a fault that others follow from.</summary>
    public void AddFirst(SettingOrigin origin, string path, string problem)
    {
        Add(origin, path, problem);
        _faults.Insert(0, _faults[^1]);
        _faults.RemoveAt(_faults.Count - 1);
    }

    /// <exception cref="ConfigurationException">
    /// There is at least one fault; the message has a line for each.
    /// </exception>
    public void ThrowIfAny()
    {
        if (_faults.Count == 1)
        {
            throw new ConfigurationException(_faults[0].ToString());
        }

        if (_faults.Count > 1)
        {
            IEnumerable<string> lines = _faults.OrderBy(fault => fault.Origin.Line).Select(fault => $"  {fault}");
            throw new ConfigurationException(
                $"the configuration has {_faults.Count} problems:\n{string.Join('\n', lines)}");
        }
    }

    private static string Shortened(string text, int longest) =>
        text.Length <= longest ? text : $"{text.AsSpan(0, longest)}...";
}
