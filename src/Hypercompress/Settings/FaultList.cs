using Hypercompress.Models.Errors;

namespace Hypercompress.Settings;

/// <summary>Collects all faults, so that one run reports all of them.</summary>
internal sealed class FaultList
{
    private readonly List<ConfigurationFault> _faults = [];

    public int Count => _faults.Count;

    public void Add(SettingOrigin origin, string path, string problem) =>
        _faults.Add(new ConfigurationFault(origin, path, problem));

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
}
