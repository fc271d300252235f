namespace Synfin.Stack;

/// <summary>Which segments carry PSH where the application has no PUSH (MUST-60, MUST-61).</summary>
public enum PushRule : byte
{
    /// <summary>The segment with the last octet that is queued.</summary>
    LastQueued,

    /// <summary>As Linux: the segment with a write's last octet, and at least one in each half window.</summary>
    EndOfWrite,
}
