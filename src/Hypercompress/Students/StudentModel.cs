using Hypercompress.Models.Errors;

namespace Hypercompress.Students;

/// <summary>Tells whether a student is a model of its own, whose files have to be opened for a run.</summary>
public static class StudentModel
{
    /// <summary>The model that a configuration names.</summary>
    /// <param name="options">The section <c>student</c>.</param>
    /// <returns>A folder, file or Hub id; null for a shape, or where the teacher itself is compressed.</returns>
    /// <exception cref="ConfigurationException">It is a shape, but not a possible one.</exception>
    public static string? Of(StudentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Model is { } model && StudentShape.TryParse(model) is null ? model : null;
    }

    /// <summary>Refuses a student where the model itself is looked at without being compressed.</summary>
    /// <param name="options">The section <c>student</c>.</param>
    /// <exception cref="ConfigurationException">There is a student.</exception>
    public static void RequireNone(StudentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Model is not null)
        {
            throw new ConfigurationException(
                "student.model: what another model would cost is known only when it is trained; leave student.model "
                + "out to plan for the model itself, or compress");
        }
    }
}
