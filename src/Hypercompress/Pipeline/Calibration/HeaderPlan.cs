using Hypercompress.Models.Packages;
using Hypercompress.Phases;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline.Calibration;

/// <summary>Looks at a target from the headers of a model alone, which takes no text and less than a second.</summary>
public static class HeaderPlan
{
    /// <summary>Looks at the target of a configuration.</summary>
    /// <param name="package">The teacher's files.</param>
    /// <param name="target">The section <c>targets</c>.</param>
    /// <param name="options">The section <c>planner</c>.</param>
    /// <param name="runtime">The section <c>runtime</c>.</param>
    /// <returns>Bytes, their bounds, and estimated memory and disk.</returns>
    /// <exception cref="BudgetException">The target is out of the bounds.</exception>
    /// <exception cref="Models.Errors.CheckpointException">
    /// The configuration of the model is incomplete or not supported.
    /// </exception>
    public static HeaderForecast Of(
        ModelPackage package, TargetOptions target, PlannerOptions options, RuntimeOptions runtime)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(runtime);
        RuntimeTarget held = RuntimeTargets.Find(target.Runtime);
        held.Require(package.ReadDecoderConfig(), package.Config);
        ModelOutline outline = ModelOutlineReader.Read(package, held);
        var bounds = new TargetBounds(options, outline);
        double ratio = target.RatioFor(outline.TeacherBytes);
        bounds.Require(ratio);
        long parameters = outline.Sites.Sum(site => site.ElementCount);
        long bytes = Math.Min(PlanRequest.TargetFor(outline.TeacherBytes, ratio), bounds.MostBytes);
        return new HeaderForecast(
            ratio,
            outline.TeacherBytes,
            bytes,
            bounds.LeastBytes,
            bounds.MostBytes,
            parameters,
            RunMemory.Of(parameters, outline.Sites, runtime.MaxRam?.Bytes).PeakBytes,
            PlanForecaster.DiskBytes(bytes));
    }
}
