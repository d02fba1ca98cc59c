namespace Hypercompress.Training.Gradual;

/// <summary>
/// How much of what lies beyond the plan is left after a number of steps: (1 − steps/n)³, of Zhu and Gupta (arXiv
/// 1710.01878), fast while much is left and slow towards the end.
/// </summary>
/// <param name="steps">n, the steps after which nothing is left; 0 where there is nothing from the start.</param>
internal sealed class CubicSchedule(int steps)
{
    private const int MostChoices = 100;

    /// <summary>Whether there is more than the plan after so many steps.</summary>
    /// <param name="done">Steps that were taken.</param>
    public bool IsOpen(int done) => done < steps;

    /// <summary>What is left.</summary>
    /// <param name="done">Steps that were taken.</param>
    /// <returns>From 1 to 0.</returns>
    public double ShareAfter(int done) => IsOpen(done) ? Math.Pow(1 - ((double)done / steps), 3) : 0;

    /// <summary>Whether places and directions are chosen anew after so many steps.</summary>
    /// <param name="done">Steps that were taken, at least 1.</param>
    public bool IsDue(int done) => done == steps || (IsOpen(done) && done % Math.Max(1, steps / MostChoices) == 0);
}
