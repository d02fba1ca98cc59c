namespace Hypercompress.Phases;

/// <summary>A value that a phase has measured.</summary>
/// <param name="Phase">Name of the phase.</param>
/// <param name="Series">Name of the series of values; one of <see cref="MeasuredSeries"/>.</param>
/// <param name="Step">Position in the series.</param>
/// <param name="Value">The value, in the unit of the series.</param>
public sealed record MeasuredValue(string Phase, string Series, long Step, double Value);
