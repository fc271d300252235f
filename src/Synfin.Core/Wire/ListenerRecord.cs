namespace Synfin.Wire;

/// <summary>What a listener says about a group (RFC 3810 5.2.12).</summary>
public enum ListenerRecord : byte
{
    /// <summary>In answer to a query: it is listened to.</summary>
    ModeIsExclude = 2,

    /// <summary>It is not listened to any more.</summary>
    ChangeToInclude = 3,

    /// <summary>It is listened to from now on.</summary>
    ChangeToExclude = 4,
}
