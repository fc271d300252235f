using Synfin.Timers;

namespace Synfin.Drill.Language;

/// <summary>When an event is due.</summary>
/// <param name="Kind">Which of the fields count.</param>
/// <param name="Start">Since the script's start, or since the previous event.</param>
/// <param name="End">The other end of a range.</param>
internal readonly record struct EventTime(EventTimeKind Kind, Duration Start, Duration End);

/// <summary>The forms of a time.</summary>
internal enum EventTimeKind
{
    /// <summary><c>0.5</c></summary>
    Absolute,

    /// <summary><c>+.1</c></summary>
    Relative,

    /// <summary><c>0.1~0.2</c></summary>
    AbsoluteRange,

    /// <summary><c>+.1~+.2</c></summary>
    RelativeRange,

    /// <summary><c>*</c></summary>
    Any,
}
