namespace Hypercompress.Phases;

/// <summary>
/// A phase of a run. The phases listed here are all there are; two are equal when they are the same one.
/// </summary>
public sealed class Phase
{
    private Phase(string name) => Name = name;

    /// <summary>Reads the teacher's weights.</summary>
    public static Phase Load { get; } = new("load");

    /// <summary>Reads and encodes the texts.</summary>
    public static Phase ReadTexts { get; } = new("read texts");

    /// <summary>Makes the model that is compressed in place of the teacher, and trains it.</summary>
    public static Phase Student { get; } = new("student");

    /// <summary>Takes statistics of the teacher from calibration text.</summary>
    public static Phase BaselineAnalysis { get; } = new("baseline analysis");

    /// <summary>Asks every branch at every site for its offers.</summary>
    public static Phase Offers { get; } = new("offers");

    /// <summary>Measures damaged teachers, to calibrate predicted losses.</summary>
    public static Phase Probes { get; } = new("probes");

    /// <summary>Makes one plan.</summary>
    public static Phase BudgetPlan { get; } = new("budget plan");

    /// <summary>Makes a plan for each of several ratios.</summary>
    public static Phase BudgetPlans { get; } = new("budget plans");

    /// <summary>Lets every branch carry out its part of the plan.</summary>
    public static Phase Branches { get; } = new("branches");

    /// <summary>Merges the branches' pieces into one matrix per site.</summary>
    public static Phase Merge { get; } = new("merge");

    /// <summary>Builds the student.</summary>
    public static Phase StructuralFactorization { get; } = new("structural factorization");

    /// <summary>Trains the student to predict as the teacher does.</summary>
    public static Phase Distillation { get; } = new("distillation");

    /// <summary>Trains the student on text.</summary>
    public static Phase FineTuning { get; } = new("fine-tuning");

    /// <summary>Scores teacher and student.</summary>
    public static Phase Evaluation { get; } = new("evaluation");

    /// <summary>Writes the artifact.</summary>
    public static Phase Save { get; } = new("save");

    /// <summary>The name that users and reports see.</summary>
    public string Name { get; }

    /// <summary>The name without spaces, for files.</summary>
    internal string Key => Name.Replace(' ', '-');

    /// <inheritdoc/>
    public override string ToString() => Name;
}
