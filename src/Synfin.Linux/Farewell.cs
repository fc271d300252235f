namespace Synfin.Linux;

/// <summary>How the connections of a host end when the host does.</summary>
public enum Farewell
{
    /// <summary>ABORT: each peer gets a RST and knows at once.</summary>
    Reset,

    /// <summary>CLOSE, which says FIN and waits a while for the peers to do the same; what is left then is reset.</summary>
    Close,
}
