namespace Hypercompress.Phases;

/// <summary>Receives what happens in a run. Calls may come from several threads, one at a time.</summary>
public interface IPipelineObserver
{
    /// <summary>The run begins from nothing. An observer may leave this out.</summary>
    /// <param name="forecast">What it is expected to take.</param>
    void Expected(RunForecast forecast)
    {
    }

    /// <summary>The run goes on with the work of a stopped one. An observer may leave this out.</summary>
    /// <param name="folder">The folder with that work.</param>
    void Resumed(string folder)
    {
    }

    /// <summary>A phase begins.</summary>
    /// <param name="phase">The phase.</param>
    void PhaseStarted(Phase phase);

    /// <summary>A phase has made progress.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="done">Work done so far, in the phase's own unit.</param>
    /// <param name="total">All of its work; 0 when unknown.</param>
    /// <param name="detail">The piece of work that was just done.</param>
    void PhaseAdvanced(Phase phase, double done, double total, string detail);

    /// <summary>A phase has measured a value. An observer that shows no curves may leave this out.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="series">Name of the series of values; one of <see cref="MeasuredSeries"/>.</param>
    /// <param name="step">Position in the series; it never falls within a phase and series.</param>
    /// <param name="value">The value, in the unit of the series.</param>
    void Measured(Phase phase, string series, long step, double value)
    {
    }

    /// <summary>
    /// A phase has measured many values of one kind, such as one for each site. An observer that shows no distributions
    /// may leave this out; a phase that is taken from the work of a stopped run does not repeat it.
    /// </summary>
    /// <param name="phase">The phase.</param>
    /// <param name="series">Name of the series of distributions; one of <see cref="MeasuredSeries"/>.</param>
    /// <param name="step">Position in the series; it never falls within a phase and series.</param>
    /// <param name="values">The values, in the unit of the series and in no order.</param>
    void Distributed(Phase phase, string series, long step, IReadOnlyList<double> values)
    {
    }

    /// <summary>A phase has ended.</summary>
    /// <param name="record">Its time and memory.</param>
    void PhaseEnded(PhaseRecord record);

    /// <summary>There is something that a user should know.</summary>
    /// <param name="text">One sentence.</param>
    void Noted(string text);
}
